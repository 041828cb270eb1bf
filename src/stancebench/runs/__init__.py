"""Runs: what was asked, its keys, its predictions, its record."""
