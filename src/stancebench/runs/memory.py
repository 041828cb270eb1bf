"""Work that runs of one process share: a transformer fitted on the same rows is fitted once.

The runner sets it as scikit-learn's own ``Pipeline(memory=...)``; models do not know of it, and third parties'
pipelines profit too.
"""

from __future__ import annotations

import pickle
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from typing import Any

import joblib
from sklearn.base import BaseEstimator
from sklearn.compose import ColumnTransformer
from sklearn.feature_extraction.text import CountVectorizer, HashingVectorizer, TfidfVectorizer
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import OneHotEncoder

KEPT = 64
"""fitted transformers and transformed matrices kept; the oldest go first"""

_UNSUPERVISED = {CountVectorizer, HashingVectorizer, OneHotEncoder, TfidfVectorizer}


def ignores_y(transformer: Any) -> bool:
    """Return whether a transformer certainly does not look at y, so that targets may share it."""
    # A subclass may look at y all the same, so that what a class says of itself holds for no other.
    kind = type(transformer)
    if kind is ColumnTransformer:
        parts = [transformer.remainder, *(t for _, t, _ in transformer.transformers)]
        return all(isinstance(t, str) or ignores_y(t) for t in parts)
    if vars(kind).get("ignores_y", False):
        inner = getattr(transformer, "features", None)
        return inner is None or ignores_y(inner)
    return kind in _UNSUPERVISED


class SharedMemory:
    """An in-process memory with the interface that ``Pipeline(memory=...)`` asks for."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Hashable, Any] = OrderedDict()
        self.fits = 0
        self.hits = 0

    def __deepcopy__(self, memo: dict[int, Any]) -> SharedMemory:
        # clone() copies parameters; sharing is the point.
        return self

    def __reduce__(self) -> tuple[type[SharedMemory], tuple[()]]:
        # A transformer that holds a pipeline is hashed with its memory: what is kept is no part of what it is.
        return SharedMemory, ()

    def cache(self, function: Callable[..., Any], ignore: Sequence[str] = ()) -> Callable[..., Any]:
        """Return ``function(transformer, X, y, ...)`` with its results kept.

        Parameters
        ----------
        function : callable
            scikit-learn's: fits a transformer and returns ``(Xt, fitted)``
        ignore : sequence of str
            names of arguments that do not change the result
        """
        irrelevant = {*ignore, "message", "message_clsname"}

        def cached(transformer: BaseEstimator, X: Any, y: Any = None, **named: Any) -> Any:
            of_y = None if ignores_y(transformer) else y
            relevant = {name: value for name, value in named.items() if name not in irrelevant}
            try:
                key = joblib.hash((type(transformer), transformer.get_params(), X, of_y, relevant))
            except pickle.PicklingError:
                # A parameter such as a lambda has no content to compare: this one is not shared.
                self.fits += 1
                return function(transformer, X, y, **named)
            if key in self._kept:
                self.hits += 1
            else:
                self.fits += 1
                result, fitted = function(transformer, X, y, **named)
                fitted.transform = _kept_transform(self, key, fitted)
                self._keep(key, (result, fitted))
            result, fitted = self._kept[key]
            return _copied(result), fitted

        return cached

    def _keep(self, key: Hashable, value: Any) -> None:
        self._kept[key] = value
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)

    def transformed(self, key: Hashable, transform: Callable[[Any], Any], X: Any) -> Any:
        """Return ``transform(X)``, computed once for each X."""
        full = (key, joblib.hash(X))
        if full not in self._kept:
            self._keep(full, transform(X))
        return _copied(self._kept[full])


def _copied(matrix: Any) -> Any:
    # A later step may scale in place.
    return matrix.copy() if hasattr(matrix, "copy") else matrix


def _kept_transform(memory: SharedMemory, key: Hashable, fitted: Any) -> Callable[[Any], Any]:
    plain = fitted.transform
    return lambda X: memory.transformed(key, plain, X)


def share(estimator: BaseEstimator, memory: SharedMemory) -> BaseEstimator:
    """Set the memory on every pipeline of an estimator that has none of its own."""
    for part in (estimator, *estimator.get_params(deep=True).values()):
        if isinstance(part, Pipeline) and part.memory is None:
            part.set_params(memory=memory)
    return estimator
