"""The closed words of the benchmark: labels, stances, explicitness. Everything else is declared by a corpus."""

from __future__ import annotations

from typing import Literal, get_args

Label = Literal["favor", "against", "neutral", "absent"]
"""what was annotated"""

Stance = Literal["favor", "against", "none"]
"""what is predicted and scored: none is neutral or absent"""

Explicitness = Literal["explicit", "implicit"]
"""whether the target is named or only meant; an absent target has neither"""

LABELS: tuple[Label, ...] = get_args(Label)
STANCES: tuple[Stance, ...] = get_args(Stance)
"""the order of classes in every array and every column"""

PROBABILITIES = tuple(f"p_{s}" for s in STANCES)
"""columns of the probability of each stance"""

FAVOR, AGAINST, NONE = range(3)
"""positions in `STANCES`"""

UNKNOWN = "unknown"
"""a prediction outside the three stances, allowed by SemEval's scorer: never right, never averaged"""


def stance_of(label: Label) -> Stance:
    """Return the stance a label is scored as.

    Examples
    --------
    >>> stance_of("neutral")
    'none'
    """
    return label if label == "favor" or label == "against" else "none"  # noqa: PLR1714 -- narrows the type
