"""Sums of counts over samples, as matrix products."""

from __future__ import annotations

from contextlib import AbstractContextManager
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
from threadpoolctl import ThreadpoolController


@lru_cache(maxsize=1)
def _blas() -> ThreadpoolController:
    return ThreadpoolController()


def one_thread() -> AbstractContextManager[Any]:
    """Return a context in which a product takes one thread.

    Products this small gain nothing from a second thread, and wait for it when another process has the core.
    """
    limit: AbstractContextManager[Any] = _blas().limit(limits=1, user_api="blas")
    return limit


class Summed:
    """Counts per cluster, summed over samples of clusters.

    Parameters
    ----------
    flat : ndarray, shape (F, K)
        counts; whole numbers
    """

    def __init__(self, flat: npt.NDArray[np.float64]) -> None:
        self._flat = flat
        # Sums of whole numbers below 2**24 are exact in single precision, and twice as fast.
        # A sum is largest where one cluster is drawn every time.
        exact = flat.max() * flat.shape[1] < 2**24
        self._single = flat.astype(np.float32) if exact else None

    def over(self, weights: npt.NDArray[np.floating[Any]]) -> npt.NDArray[np.float64]:
        """Return the sums under weights of shape (K, R), shape (F, R)."""
        if self._single is not None and weights.dtype == np.float32:
            return (self._single @ weights).astype(np.float64)
        return np.asarray(self._flat @ weights, dtype=np.float64)
