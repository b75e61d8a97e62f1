"""What a drift costs a week: dollars of the lines that changed where the source tells prices, and rework."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from auditor.domain.codes import PROCEDURE_FAMILY, code_family, normal_code
from auditor.domain.em_levels import em_level, families
from auditor.domain.monitors import MonitorKind
from auditor.domain.stories import Signal
from auditor.services.monitoring.level_moves import LevelTable
from auditor.sources.weeks import CodePrice


@dataclass(frozen=True, kw_only=True)
class CostModel:
    """What one denied claim costs to rework, in cents."""

    rework_cents: int


@dataclass(frozen=True, kw_only=True)
class Pricing:
    """Mean price of a code in cents, and the visits that say how families are mixed."""

    prices: Mapping[str, float]
    levels: LevelTable
    costs: CostModel


def mean_prices(prices: Sequence[CodePrice]) -> dict[str, float]:
    """Mean price of each priced code, by its normal form."""
    cents: dict[str, tuple[int, int]] = {}
    for price in prices:
        if code_family(price.code_system) == PROCEDURE_FAMILY:
            lines, total = cents.get(normal_code(price.code), (0, 0))
            cents[normal_code(price.code)] = (lines + price.lines, total + price.cents)
    return {code: total / lines for code, (lines, total) in cents.items() if lines}


def priced(signal: Signal, kind: MonitorKind, pricing: Pricing) -> Signal:
    """The signal with its cost a week; unchanged where nothing says what it is worth."""
    if signal.excess_a_week is None:
        return signal
    if kind is MonitorKind.STOPPED_CODES:
        return replace(signal, cost_cents_a_week=round(signal.excess_a_week * pricing.costs.rework_cents))
    worth = _step(pricing) if kind is MonitorKind.EM_LEVEL else _price(signal.what, pricing.prices)
    return signal if worth is None else replace(signal, cost_cents_a_week=round(signal.excess_a_week * worth))


def is_visit(signal: Signal) -> bool:
    """Whether a signal is about a visit code, whose dollars a shift of levels already holds."""
    kind, _, name = signal.what.partition(" ")
    return kind == "code" and em_level(name) is not None


def cost_note(signals: Sequence[Signal], *, rework: bool) -> str:
    """How the cost was reached, or why it was not; `rework` says that stopped codes are among the signals."""
    if all(signal.cost_cents_a_week is None for signal in signals):
        return "not priced"
    return "excess lines a week at their mean price" + (
        ", and rework of claims with a stopped code" if rework else ""
    )


def _price(what: str, prices: Mapping[str, float]) -> float | None:
    kind, _, name = what.partition(" ")
    return prices.get(normal_code(name)) if kind == "code" else None


def _step(pricing: Pricing) -> float | None:
    """Mean price of one level up, families weighed by their visits."""
    visits = pricing.levels.now.sum(axis=(1, 2))
    steps, weights = [], []
    for (_, codes), seen in zip(families(), visits.tolist(), strict=True):
        told = [(level, pricing.prices[code]) for code, level in codes if code in pricing.prices]
        if seen and len(told) > 1:
            levels, cents = zip(*told, strict=True)
            steps.append((cents[-1] - cents[0]) / (levels[-1] - levels[0]))
            weights.append(seen)
    return float(np.average(steps, weights=weights)) if steps else None
