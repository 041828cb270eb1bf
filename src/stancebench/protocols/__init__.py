"""How a corpus becomes train and test: folds, and the checks that every fold must pass."""

from stancebench.protocols.folds import Fold, check_fold
from stancebench.protocols.official import PROTOCOLS, official

__all__ = ["PROTOCOLS", "Fold", "check_fold", "official"]
