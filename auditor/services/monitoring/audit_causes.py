"""Causes that only audits can tell apart: auditors changed, or a version is worse than the one that it replaced."""

from collections.abc import Sequence
from datetime import date

from auditor.domain.stories import Cause, Verdict
from auditor.reports import figures
from auditor.services.audited_outcomes import AuditedOutcome
from auditor.services.monitoring.audited_streams import day_of
from auditor.services.monitoring.strands import WatchedStrand
from auditor.stats.count_tests import fisher_test

_LEAST_PAIRS = 20
_LEVEL = 0.05
_LEAST_AUDITS = 50


def strictness(outcomes: Sequence[AuditedOutcome], since: date) -> Cause:
    """Whether first reviewers grew stricter than second ones, who read the same cases without knowing."""
    checked = "auditor strictness (second reviews)"
    pairs = [(each.opinions, day_of(each) >= since) for each in outcomes if each.opinions is not None]
    alone = [opinions[0] and not opinions[1] for opinions, late in pairs if opinions and late]
    earlier = [opinions[0] and not opinions[1] for opinions, late in pairs if opinions and not late]
    if min(len(alone), len(earlier)) < _LEAST_PAIRS:
        figure = f"{len(earlier)} second reviews before and {len(alone)} since: too few to say"
        return Cause(checked=checked, figure=figure, verdict=Verdict.NOT_CHECKED)
    before, now = sum(earlier) / len(earlier), sum(alone) / len(alone)
    p_value = _p_value((sum(alone), len(alone)), (sum(earlier), len(earlier)))
    figure = (
        f"errors that the first reviewer alone saw: {figures.percent(before)} to {figures.percent(now)}"
        f" of {len(alone):,} ({figures.p_words(p_value)})"
    )
    stricter = now > before and p_value <= _LEVEL
    return Cause(checked=checked, figure=figure, verdict=Verdict.LIKELY if stricter else Verdict.RULED_OUT)


def version_audited(outcomes: Sequence[AuditedOutcome], watched: WatchedStrand) -> Cause:
    """The audited error rate of a version beside that of the version it replaced."""
    checked, arm = "audits of this version against the one it replaced", watched.strand.arm
    if watched.predecessor is None:
        return Cause(checked=checked, figure="it replaced none in these weeks", verdict=Verdict.RULED_OUT)
    own, old = (
        [each.error for each in outcomes if each.arm is arm and each.model_version == version]
        for version in (watched.strand.model_version, watched.predecessor)
    )
    if min(len(own), len(old)) < _LEAST_AUDITS:
        figure = f"{len(own)} audited cases against {len(old)}: too few to say"
        return Cause(checked=checked, figure=figure, verdict=Verdict.NOT_CHECKED)
    p_value = _p_value((sum(own), len(own)), (sum(old), len(old)))
    figure = (
        f"{figures.percent(sum(old) / len(old))} of {len(old):,} to {figures.percent(sum(own) / len(own))}"
        f" of {len(own):,} in error ({figures.p_words(p_value)})"
    )
    worse = sum(own) / len(own) > sum(old) / len(old) and p_value <= _LEVEL
    return Cause(checked=checked, figure=figure, verdict=Verdict.LIKELY if worse else Verdict.RULED_OUT)


def _p_value(now: tuple[int, int], before: tuple[int, int]) -> float:
    return float(fisher_test(*now, *before).p_value[0])
