"""Checks of an experiment's results: a linter whose every finding has a code, a page and an acknowledgement."""
