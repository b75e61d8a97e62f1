"""Is a change the patients' or the coding's? Rates and levels as they would be under today's case mix.

Direct standardisation by specialty, payer and place of service: what the baseline of each cell leads to expect of the
claims of now. A change that the mix explains by half or more is held back, with its figures. Asks no source.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from auditor.domain.alerts import StreamState
from auditor.domain.codes import normal_code
from auditor.domain.em_levels import em_level, families
from auditor.domain.monitors import MonitorKind, Reading
from auditor.domain.stories import Cause, Signal, Verdict
from auditor.reports import figures
from auditor.services.monitoring.evaluation import Evaluation
from auditor.services.monitoring.measures import Mixes, Standardised
from auditor.services.monitoring.signals import usual_start
from auditor.sources.case_mix import MixCount, MixQuestion
from auditor.sources.weeks import ClaimCount

STANDARDISED = (MonitorKind.CODE_RATES, MonitorKind.MODIFIER_RATES, MonitorKind.EM_LEVEL)
_BASELINE = timedelta(weeks=26)
_EXPLAINED = 0.5
_NOTE = "case mix (specialty, payer, place of service) explains it"


def question_for(evaluation: Evaluation) -> MixQuestion | None:
    """What to ask the source, so that what moved can be standardised; None where nothing of the kind did."""
    signals = [signal for reading in _alarms(evaluation) for signal in reading.signals]
    if not signals:
        return None
    kinds = {reading.kind for reading in _alarms(evaluation)}
    codes = {normal_code(signal.what.removeprefix("code ")) for signal in signals if signal.what.startswith("code ")}
    if MonitorKind.EM_LEVEL in kinds:
        codes |= {code for _, group in families() for code, _ in group}
    modifiers = {s.what.removeprefix("modifier ") for s in signals if s.what.startswith("modifier ")}
    weeks = evaluation.state.cube.weeks
    return MixQuestion(
        first_on=max(weeks[0], min(signal.since for signal in signals) - _BASELINE),  # no earlier week is looked at
        last_on=weeks[-1] + timedelta(days=6),
        codes=tuple(sorted(codes)),
        modifiers=tuple(sorted(modifiers)),
    )


def standardise(evaluation: Evaluation, claims: Sequence[ClaimCount], counts: Sequence[MixCount]) -> Evaluation:
    """The evaluation with what case mix explains held back, and the figures of all that was looked at."""
    mixes: dict[tuple[str, str], Standardised] = {}
    readings = []
    for reading in evaluation.readings:
        if reading.kind in STANDARDISED and reading.state is StreamState.ALARM:
            found = {signal.what: _of(signal, reading, claims, counts) for signal in reading.signals}
            known = {what: mix for what, mix in found.items() if mix is not None}
            mixes |= {(reading.strand.name, what): mix for what, mix in known.items()}
            readings.append(_held_back(reading, known))
        else:
            readings.append(reading)
    return replace(evaluation, readings=tuple(readings), mixes=mixes)


def cause(mixes: Mixes, strand: str, lead: Signal) -> Cause:
    """The case mix in the cause panel."""
    checked, found = "case mix by specialty, payer and place of service", mixes.get((strand, lead.what))
    if found is None:
        return Cause(
            checked=checked, figure="not standardised: audits, or no cells told", verdict=Verdict.NOT_CHECKED
        )
    before, expected, now = (_shown(value, found.unit) for value in (found.before, found.expected, found.now))
    verdict = Verdict.RULED_OUT if found.explained < _EXPLAINED / 2 else Verdict.POSSIBLE
    return Cause(checked=checked, figure=f"{before}; {expected} expected of today's mix; {now} now", verdict=verdict)


def _shown(value: float, unit: str) -> str:
    return f"{value:.2f}" if unit == "level" else figures.percent(value)


def _alarms(evaluation: Evaluation) -> list[Reading]:
    return [r for r in evaluation.readings if r.kind in STANDARDISED and r.state is StreamState.ALARM]


def _held_back(reading: Reading, mixes: Mapping[str, Standardised]) -> Reading:
    mixed = [signal for signal in reading.signals if _is_explained(mixes.get(signal.what))]
    if not mixed:
        return reading
    told = tuple(signal for signal in reading.signals if signal not in mixed)
    return replace(
        reading,
        state=StreamState.ALARM if told else StreamState.QUIET,
        signals=told,
        held_back=(*reading.held_back, *mixed),
        since=usual_start(told) if told else None,
        note=reading.note if told else _NOTE,
    )


def _is_explained(mix: Standardised | None) -> bool:
    return mix is not None and mix.explained >= _EXPLAINED


Tallied = dict[tuple[object, ...], tuple[float, float]]
"""By cell (and visit family): the sum of scores (or lines), and the units that they are over."""


def _of(
    signal: Signal, reading: Reading, claims: Sequence[ClaimCount], counts: Sequence[MixCount]
) -> Standardised | None:
    strand = reading.strand

    def is_now(week: date, version: str | None) -> bool:
        return week >= signal.since and (strand.is_pooled or version == strand.model_version)

    def is_before(week: date, _version: str | None) -> bool:
        return signal.since - _BASELINE <= week < signal.since

    mine = [each for each in counts if each.coding_source is strand.arm]
    own_claims = [each for each in claims if each.coding_source is strand.arm]
    level = reading.kind is MonitorKind.EM_LEVEL
    now, before = (
        _levels(mine, of) if level else _lines(mine, own_claims, signal.what, of) for of in (is_now, is_before)
    )
    total, base_total = (sum(units for _, units in side.values()) for side in (now, before))
    if not total or not base_total or all(cell[:3] == (None, None, None) for cell in now):
        return None
    crude = sum(score for score, _ in before.values()) / base_total
    expected = sum(units * _rate(before, cell, crude) for cell, (_, units) in now.items()) / total
    measured = sum(score for score, _ in now.values()) / total
    return Standardised(before=crude, expected=expected, now=measured, unit=signal.unit)


def _rate(side: Tallied, cell: tuple[object, ...], otherwise: float) -> float:
    score, units = side.get(cell, (0.0, 0.0))
    return score / units if units else otherwise


Chosen = Callable[[date, str | None], bool]


def _levels(counts: Iterable[MixCount], chosen: Chosen) -> Tallied:
    found: defaultdict[tuple[object, ...], list[float]] = defaultdict(lambda: [0.0, 0.0])
    for each in counts:
        visit = em_level(each.code)
        if visit is not None and chosen(each.week_start, each.model_version):
            family, level = visit
            found[*each.cell, family][0] += int(level) * each.lines
            found[*each.cell, family][1] += each.lines
    return {cell: (score, units) for cell, (score, units) in found.items()}


def _lines(counts: Iterable[MixCount], claims: Iterable[ClaimCount], what: str, chosen: Chosen) -> Tallied:
    kind, _, name = what.partition(" ")
    found: defaultdict[tuple[object, ...], list[float]] = defaultdict(lambda: [0.0, 0.0])
    for claim in claims:
        if chosen(claim.week_start, claim.model_version):
            found[claim.specialty, claim.payer, claim.place_of_service][1] += claim.claims
    for each in counts:
        hit = name in each.modifiers if kind == "modifier" else each.code == normal_code(name)
        if hit and chosen(each.week_start, each.model_version):
            found[each.cell][0] += each.lines
    return {cell: (score, units) for cell, (score, units) in found.items() if units}
