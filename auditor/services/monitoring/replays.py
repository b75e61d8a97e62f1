"""Run a detector over a file of audited outcomes, one 0 or 1 a line: what it would have said, how often it errs."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from auditor.errors import BadInput
from auditor.stats.control_charts import ewma_chart, ewma_multiple, p_chart, p_chart_arl
from auditor.stats.cusum import CusumDesign, design, rates_at_odds, replay
from auditor.stats.e_detector import bernoulli_detector
from auditor.stats.proportion import upper_limit

PASTED = "monitor-replay"
"""What the process that calculates for pages is asked for, beside its calculators."""

_EWMA_SMOOTHING = 0.1
_ASSURANCE = "0.9"
_HARDER = (1.0, 1.5, 2.5)


@dataclass(frozen=True, kw_only=True)
class Replay:
    """What is asked: the method, its baseline, the mean run length between false alarms and the drift to catch."""

    method: str
    baseline_errors: int
    baseline_n: int
    arl: float = 10_000
    odds_ratio: float = 2.0
    batch: int = 100

    @property
    def rate(self) -> float:
        """The baseline's error rate; half an error is added where it has none, or nothing else."""
        edge = self.baseline_errors in (0, self.baseline_n)
        half = (self.baseline_errors + 0.5) / (self.baseline_n + 1)
        return half if edge else self.baseline_errors / self.baseline_n


@dataclass(frozen=True, kw_only=True)
class ReplayResult:
    """Alarms as indices from 0; `arl` is the mean run length without drift, in outcomes, that the chart has."""

    method: str
    alarms: tuple[int, ...]
    changes: tuple[int, ...]
    arl: float | None
    threshold: float | None
    outcomes: int
    note: str


@dataclass(frozen=True, kw_only=True)
class Trace:
    """A replay with its statistic step by step (`steps` says of what) and the `line` at which it alarms."""

    result: ReplayResult
    statistic: tuple[float, ...]
    line: float
    steps: str = "audited cases"


def read_stream(file: Path) -> list[int]:
    """The outcomes of a file without header; BadInput names the first line that is neither 0 nor 1."""
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"the stream {file} cannot be read: name a file with one 0 or 1 a line") from error
    return outcomes_of(text, called=str(file))


def outcomes_of(text: str, *, called: str) -> list[int]:
    """The outcomes of a text, one a line; BadInput names the first line that is neither 0 nor 1."""
    lines = text.splitlines()
    while lines and not lines[-1].strip():
        lines.pop()
    for number, line in enumerate(lines, start=1):
        if line.strip() not in ("0", "1"):
            raise BadInput(f"line {number} of {called} is neither 0 nor 1: give one outcome a line, without header")
    if not lines:
        raise BadInput(f"the stream {called} is empty: give one 0 or 1 a line")
    return [int(line) for line in lines]


def of_text(given: Mapping[str, object]) -> Trace:
    """What was pasted, replayed: `outcomes` and every field of a `Replay` by its name, each as it is written."""
    outcomes = outcomes_of(str(given["outcomes"]), called="what was pasted")
    question = Replay(
        method=str(given["method"]),
        baseline_errors=int(str(given["baseline_errors"])),
        baseline_n=int(str(given["baseline_n"])),
        arl=float(str(given["arl"])),
        odds_ratio=float(str(given["odds_ratio"])),
        batch=int(str(given["batch"])),
    )
    return trace_stream(outcomes, question)


def replay_stream(outcomes: list[int], question: Replay) -> ReplayResult:
    """Every alarm of the method over the outcomes."""
    return trace_stream(outcomes, question).result


def trace_stream(outcomes: list[int], question: Replay) -> Trace:
    """Every alarm of the method over the outcomes, with the statistic that raised it."""
    methods: dict[str, Callable[[list[int], Replay], Trace]] = {
        "cusum": _cusum,
        "e-detector": _e_detector,
        "p-chart": _p_chart,
        "ewma": _ewma,
    }
    if question.method not in methods:
        raise BadInput(f"there is no method {question.method}: take one of {', '.join(methods)}")
    if not 0 <= question.baseline_errors <= question.baseline_n or question.baseline_n < 1:
        raise BadInput("--baseline-errors must lie between 0 and --baseline-n, and --baseline-n be 1 at least")
    return methods[question.method](outcomes, question)


def _cusum(outcomes: list[int], question: Replay) -> Trace:
    chart = _designed(question)
    found = replay(chart.chart, outcomes)
    reach = f"{chart.arl_low:,.0f} to {chart.arl_high:,.0f} by what {question.baseline_n:,} audits leave open"
    result = ReplayResult(
        method="cusum",
        alarms=found.alarms,
        changes=found.changes,
        arl=chart.in_control.mean,
        threshold=chart.chart.threshold,
        outcomes=len(outcomes),
        note=f"made for {chart.detect[0]:.2%}, scored against {chart.scored_rates[0]:.2%}; run length {reach}",
    )
    return Trace(result=result, statistic=tuple(found.path.tolist()), line=chart.chart.threshold)


def _designed(question: Replay) -> CusumDesign:
    """The chart for the drift asked for, or for a larger one where the baseline cannot tell that from itself."""
    for harder in _HARDER:
        target = rates_at_odds([question.rate], odds_ratio=question.odds_ratio * harder)
        try:
            return design(question.baseline_errors, question.baseline_n, detect=target, arl=question.arl)
        except BadInput:
            continue
    raise BadInput(
        f"a baseline of {question.baseline_n} audits is too small to design a chart: audit more of it,"
        " or name a larger --odds-ratio"
    )


def _e_detector(outcomes: list[int], question: Replay) -> Trace:
    upper = upper_limit(question.baseline_errors, question.baseline_n, confidence=_ASSURANCE).limit
    found = bernoulli_detector(outcomes, baseline=min(upper, 0.999), arl=question.arl)
    result = ReplayResult(
        method="e-detector",
        alarms=found.alarms,
        changes=found.changes,
        arl=question.arl,
        threshold=found.log_threshold,
        outcomes=len(outcomes),
        note=f"the run length is at least this while the true rate is at most {upper:.2%} (90 % sure)",
    )
    logs = np.maximum(found.log_values, 0.0)  # below nothing there is no evidence to show
    return Trace(result=result, statistic=tuple(logs.tolist()), line=found.log_threshold)


def _p_chart(outcomes: list[int], question: Replay) -> Trace:
    means = _means(outcomes, question)
    limit = question.rate
    alarms: tuple[int, ...] = ()
    if means.size:
        points = np.rint(means * question.batch)
        chart = p_chart(points, np.full(means.size, question.batch), center=question.rate)
        limit = float(chart.high[0])
        alarms = _ends([at for at in chart.beyond if chart.points[at] > chart.high[at]], question)
    length = p_chart_arl(center=question.rate, n=question.batch, rate=question.rate)
    note = f"points of {question.batch} outcomes, limits at 3 sigma; its run length counts both limits"
    result = ReplayResult(
        method="p-chart",
        alarms=alarms,
        changes=_begins(alarms, question),
        arl=length * question.batch,
        threshold=None,
        outcomes=len(outcomes),
        note=note,
    )
    return Trace(result=result, statistic=tuple(means.tolist()), line=limit, steps=_points(question))


def _ewma(outcomes: list[int], question: Replay) -> Trace:
    means = _means(outcomes, question)
    multiple = ewma_multiple(smoothing=_EWMA_SMOOTHING, arl=max(question.arl / question.batch, 20.0))
    deviation = float(np.sqrt(question.rate * (1 - question.rate) / question.batch))
    alarms: tuple[int, ...] = ()
    statistic, limit = means, question.rate
    if means.size:
        chart = ewma_chart(
            means, target=question.rate, deviation=deviation, smoothing=_EWMA_SMOOTHING, multiple=multiple
        )
        statistic, limit = chart.points, float(chart.high[-1])
        alarms = _ends([at for at in chart.beyond if chart.points[at] > chart.high[at]], question)
    note = f"means of {question.batch} outcomes, smoothing {_EWMA_SMOOTHING}; run length as for normal means"
    result = ReplayResult(
        method="ewma",
        alarms=alarms,
        changes=_begins(alarms, question),
        arl=max(question.arl, 20.0 * question.batch),
        threshold=multiple,
        outcomes=len(outcomes),
        note=note,
    )
    return Trace(result=result, statistic=tuple(statistic.tolist()), line=limit, steps=_points(question))


def _means(outcomes: list[int], question: Replay) -> NDArray[np.float64]:
    """The share of errors of each whole batch."""
    whole = len(outcomes) // question.batch
    batches = np.array(outcomes[: whole * question.batch], dtype=np.float64).reshape(whole, question.batch)
    return np.asarray(batches.mean(axis=1), dtype=np.float64)


def _ends(points: Sequence[int], question: Replay) -> tuple[int, ...]:
    return tuple((at + 1) * question.batch - 1 for at in points)


def _begins(alarms: Sequence[int], question: Replay) -> tuple[int, ...]:
    return tuple(alarm - question.batch + 1 for alarm in alarms)


def _points(question: Replay) -> str:
    return f"points of {question.batch} audited cases"
