"""Audits of a corpus: what can be scored without reading, and what leaks from train to test."""
