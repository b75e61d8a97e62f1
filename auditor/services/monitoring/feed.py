"""Is the feed itself alive? A week with far fewer claims than usual, or far more, is trouble of the machinery.

The statistic is how far the week lies from the usual one, as a share of it; an empty week lies at 1, beyond every
threshold, and a week that was loaded twice at 1 as well, on the other side.
"""

import math
from collections.abc import Mapping

import numpy as np
from scipy import special

from auditor.domain.alerts import StreamState
from auditor.domain.claims import CodingSource
from auditor.domain.monitors import MonitorDefinition, Reading, Strand
from auditor.domain.stories import Measure, Signal
from auditor.services.monitoring.cube import Floats, WeekCube

_LEVEL = 1e-4
"""A feed that starves or floods is not a matter of chance; this only keeps small numbers quiet."""

_NEW_LEVEL_WEEKS = 4
_NEW_LEVEL = "so many for more than four weeks: the usual from now on"
"""A practice that joined is told of for four weeks; then it is no surge any more."""


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
    beyond, limit = _limit(now, before, usual, monitor.options)
    alarm = beyond and not (now > usual and _lasts(claims, usual, limit))
    signal = _signal(monitor.name, cube, claims, strand.arm, usual=usual) if alarm else None
    return Reading(
        monitor=monitor.name,
        kind=monitor.kind,
        strand=strand,
        state=StreamState.ALARM if alarm else StreamState.QUIET,
        n=round(now),
        statistic=abs(1 - now / usual),
        threshold=abs(1 - limit / usual),
        since=signal.since if signal else None,
        signals=(signal,) if signal else (),
        note=_NEW_LEVEL if beyond and not alarm else "",
    )


def _limit(now: float, before: Floats, usual: float, options: Mapping[str, float]) -> tuple[bool, int]:
    """Whether a week is beyond the limit of the side on which it lies, and that limit, in claims."""
    if now <= usual:
        most = min(math.floor(options["least_share"] * usual), _by_chance(before, usual, _LEVEL) - 1)
        return now <= max(0, most), max(0, most)
    calm = before[before < options["most_share"] * usual]  # an earlier surge is no measure of how weeks scatter
    least = max(math.ceil(options["most_share"] * usual), _by_chance(calm, usual, 1 - _LEVEL) + 1)
    return now >= least, least


def _lasts(claims: Floats, usual: float, limit: int) -> bool:
    """Whether weeks have lain so high for longer than a load that came twice would explain."""
    return claims.size > _NEW_LEVEL_WEEKS and bool((claims[-_NEW_LEVEL_WEEKS - 1 :] >= min(limit, 1.5 * usual)).all())


def _by_chance(before: Floats, usual: float, level: float) -> int:
    """The count of a week up to which chance goes with this probability, weeks being as uneven as they were."""
    spread = max(
        1.0, float(((before - before.mean()) ** 2).sum() / max(before.size - 1, 1) / max(before.mean(), 1e-9))
    )
    return math.ceil(_poisson_quantile(level, usual / spread) * spread)


def _poisson_quantile(level: float, mean: float) -> float:
    """The smallest count that so much of the distribution does not exceed."""
    above = math.ceil(float(special.pdtrik(level, mean)))
    below = max(above - 1, 0)
    return float(below if special.pdtr(below, mean) >= level else above)


def _usual_weeks(claims: Floats) -> Floats:
    """Weeks in which anything came: what was silent before is no measure of the usual."""
    return claims[claims > 0]


def _signal(monitor: str, cube: WeekCube, claims: Floats, arm: CodingSource, *, usual: float) -> Signal:
    now = float(claims[-1])
    middle = (usual + max(now, 0.0)) / 2
    like_before = np.flatnonzero(claims > middle if now < usual else claims < middle)
    began = int(like_before[-1]) + 1 if like_before.size else 0
    return Signal(
        monitor=monitor,
        what=f"{arm.words} claims a week",
        unit="count",
        denominator="weeks",
        direction=1 if now > usual else -1,
        baseline=Measure(estimate=usual, low=None, high=None, numerator=usual, n=1),
        now=Measure(estimate=now, low=None, high=None, numerator=now, n=1),
        ratio=now / usual,
        p_value=None,
        since=cube.weeks[began],
    )
