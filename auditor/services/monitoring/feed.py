"""Is the feed itself alive? A week with far fewer claims than usual, or none, is trouble of the machinery.

The statistic is the share of the usual week that is missing; an empty week lies at 1, beyond every threshold.
"""

import math

import numpy as np
from scipy import stats

from auditor.domain.alerts import StreamState
from auditor.domain.claims import CodingSource
from auditor.domain.monitors import MonitorDefinition, Reading, Strand
from auditor.domain.stories import Measure, Signal
from auditor.services.monitoring.cube import Floats, WeekCube

_LEVEL = 1e-4
"""A starved feed is not a matter of chance; this only keeps small numbers quiet."""


def read_feed(cube: WeekCube, monitor: MonitorDefinition, *, source: str, least: int, baseline: int) -> list[Reading]:
    """One reading an arm that has ever put out anything in these weeks."""
    arms = sorted({arm for arm, _ in cube.arms}, key=lambda arm: arm.value)
    return [_read(cube, monitor, Strand(source=source, arm=arm), limits=(least, baseline)) for arm in arms]


def _claims(cube: WeekCube, arm: CodingSource) -> Floats:
    total: Floats = cube.empty().claims
    for (source, _), weeks in cube.arms.items():
        if source is arm:
            total = total + weeks.claims
    return total


def _read(cube: WeekCube, monitor: MonitorDefinition, strand: Strand, *, limits: tuple[int, int]) -> Reading:
    claims = _claims(cube, strand.arm)
    first = int(np.flatnonzero(claims)[0]) if claims.any() else claims.size
    before = _usual_weeks(claims[first:-1])[-limits[1] :]
    now = float(claims[-1]) if claims.size else 0.0
    if before.size < limits[0]:
        return Reading(
            monitor=monitor.name, kind=monitor.kind, strand=strand, state=StreamState.INSUFFICIENT, n=round(now)
        )
    usual = float(np.median(before))
    if usual < monitor.options["least_claims"]:
        return Reading(
            monitor=monitor.name, kind=monitor.kind, strand=strand, state=StreamState.INSUFFICIENT, n=round(now)
        )
    most = min(math.floor(monitor.options["least_share"] * usual), _most_by_chance(before, usual))
    alarm = now <= most
    signal = _signal(monitor.name, cube, claims, strand.arm, usual=usual) if alarm else None
    return Reading(
        monitor=monitor.name,
        kind=monitor.kind,
        strand=strand,
        state=StreamState.ALARM if alarm else StreamState.QUIET,
        n=round(now),
        statistic=1 - now / usual,
        threshold=1 - most / usual,
        since=signal.since if signal else None,
        signals=(signal,) if signal else (),
    )


def _most_by_chance(before: Floats, usual: float) -> int:
    """The most claims of a week that chance does not explain, weeks being as uneven as they were; at least none."""
    spread = max(1.0, float(((before - before.mean()) ** 2).sum() / (before.size - 1) / max(before.mean(), 1e-9)))
    return max(0, math.ceil(float(stats.poisson.ppf(_LEVEL, usual / spread)) * spread) - 1)


def _usual_weeks(claims: Floats) -> Floats:
    """Weeks in which anything came: what was silent before is no measure of the usual."""
    return claims[claims > 0]


def _signal(monitor: str, cube: WeekCube, claims: Floats, arm: CodingSource, *, usual: float) -> Signal:
    low = np.flatnonzero(claims > usual / 2)
    began = int(low[-1]) + 1 if low.size else 0
    now = float(claims[-1])
    return Signal(
        monitor=monitor,
        what=f"{arm.words} claims a week",
        unit="count",
        denominator="weeks",
        direction=-1,
        baseline=Measure(estimate=usual, low=None, high=None, numerator=usual, n=1),
        now=Measure(estimate=now, low=None, high=None, numerator=now, n=1),
        ratio=now / usual,
        p_value=None,
        since=cube.weeks[began],
    )
