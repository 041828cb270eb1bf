"""How far a drop may be chance: official and other predictions of the same judgements, resampled together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from stancebench.errors import RecordError
from stancebench.runs.evaluation import Prepared, scored_rows
from stancebench.runs.execute import Runner
from stancebench.runs.record import Record
from stancebench.runs.recorded import in_order, predictions_of
from stancebench.runs.spec import RunSpec
from stancebench.runs.store import RunStore
from stancebench.scoring import ScoreId
from stancebench.scoring.resampling import UNDEFINED_SHARE, Interval, percentiles, weight_blocks
from stancebench.scoring.scores import score_arrays
from stancebench.scoring.support import withheld
from stancebench.scoring.tally import FloatArray, Tally, tally


@dataclass
class Drops:
    """Intervals of drops: percentiles of the difference in the same bootstrap samples.

    Parameters
    ----------
    runner : Runner
        which prepares the test rows
    store : RunStore
        where records and predictions lie
    specs : mapping of str to RunSpec
        by score key, what was run
    """

    runner: Runner
    store: RunStore
    specs: Mapping[str, RunSpec]
    _counted: dict[str, tuple[Tally, dict[ScoreId, FloatArray]]] = field(default_factory=dict, init=False)

    def interval(self, official: Record, other: Record, score: str, target: str = "") -> Interval:
        """Return the bounds of the official score less the other one, or why there are none.

        Parameters
        ----------
        official, other : Record
            of the same test judgements
        score, target : str
            which score
        """
        which = ScoreId(score, target)
        made = self.specs[other.score_key].scoring.bootstrap
        if official.counts.clusters < 2:
            return Interval(None, None, 0, f"a single {made.cluster} cannot be resampled")
        try:
            counts, was = self._of(official)
            _, now = self._of(other)
        except RecordError as e:
            return Interval(None, None, 0, f"its interval needs predictions: {e}")
        if reason := withheld(counts, which, made.cluster):
            return Interval(None, None, 0, reason)
        drops = was[which] - now[which]
        undefined = int(np.isnan(drops).sum())
        if undefined > UNDEFINED_SHARE * made.rounds:
            return Interval(None, None, undefined, f"undefined in {undefined} of {made.rounds} bootstrap samples")
        low, high = percentiles(drops[None, :], made.level)
        return Interval(float(low[0]), float(high[0]), undefined)

    def _of(self, record: Record) -> tuple[Tally, dict[ScoreId, FloatArray]]:
        """Return a record's counts, and each score in every bootstrap sample; equal seeds give the same samples."""
        if record.score_key not in self._counted:
            spec = self.specs[record.score_key]
            made = spec.scoring.bootstrap
            prepared = self.runner.prepared(spec)
            counts = tally(scored_rows(prepared, self._stances(record, prepared), made.cluster))
            blocks = weight_blocks(counts.n_units, made.rounds, np.random.default_rng(made.seed))
            samples = counts.resampled(blocks, made.rounds)
            self._counted[record.score_key] = counts, score_arrays(samples, spec.scoring.mode, minimum=1)
        return self._counted[record.score_key]

    def _stances(self, record: Record, prepared: Prepared) -> list[str]:
        path = self.store.record_path(record.score_key)
        return in_order(predictions_of(record, path), prepared)["stance"].tolist()
