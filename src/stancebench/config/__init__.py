"""Hydra at the door: schemas, composing, errors. Nothing inward of here knows of it."""
