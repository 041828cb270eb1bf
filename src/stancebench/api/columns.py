"""What an estimator is told that was given the whole data frame and could not take it."""

from __future__ import annotations

import traceback
from collections.abc import Sequence
from typing import Any

from stancebench.errors import ModelError

OF_STRINGS = "could not convert string to float"
"""what scikit-learn says where it is given text for numbers"""


def unread_columns(error: Exception, estimator: Any, columns: Sequence[str]) -> ModelError | None:
    """Return the error of an estimator that must pick a column first, or None where something else went wrong.

    Parameters
    ----------
    error : Exception
        as the estimator raised it
    estimator : estimator
        as it was given
    columns : sequence of str
        of ``X``

    Returns
    -------
    ModelError or None
        for a failed ``fit`` of what starts with a text vectorizer, or of what takes numbers and was given strings
    """
    if not any(frame.f_code.co_name == "fit" for frame, _ in traceback.walk_tb(error.__traceback__)):
        return None
    first = _first(estimator)
    name = type(first).__name__
    if hasattr(first, "build_analyzer"):
        takes, picks = "one column of texts", f"{name}()"
    elif not hasattr(first, "transformers") and OF_STRINGS in str(error):
        takes, picks = "numbers", "TfidfVectorizer()"
    else:
        return None
    return ModelError(
        f"{name} takes {takes}, and X is a DataFrame with the columns {', '.join(columns)}, all strings. Let a "
        f'pipeline pick its column: make_pipeline(ColumnTransformer([("text", {picks}, "text")]), ...). '
        "See docs/python.md."
    )


def _first(estimator: Any) -> Any:
    """Return what is fitted first in an estimator: the first step of a pipeline, what a search or a union is over."""
    for part in ("steps", "transformer_list"):
        if getattr(estimator, part, None):
            return _first(getattr(estimator, part)[0][1])
    inner = getattr(estimator, "estimator", None)
    return _first(inner) if hasattr(inner, "fit") else estimator
