"""Changes of a sentence that must not change its stance, and how often a model's prediction stays."""
