"""A benchmark of stance detection in diplomatic coverage."""

__version__ = "0.1.0"
