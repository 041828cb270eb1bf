"""What the simulations have in common."""

from __future__ import annotations

from collections.abc import Mapping

CLASSES: Mapping[str, tuple[float, float, float]] = {
    "balanced": (1 / 3, 1 / 3, 1 / 3),
    "as in coverage": (0.12, 0.12, 0.76),
    "rare": (0.03, 0.15, 0.82),
}
"""shares of favor, against and none, alike in the four targets"""
