"""How a sample size was derived, from what the sizing method left behind, in one line of plain words."""

from collections.abc import Mapping

_NAMED_ELSEWHERE = frozenset({"sample_size", "method", "formula", "source", "assumptions", "warnings", "convention"})


def derivation(told: Mapping[str, object]) -> str:
    """Method, formula, the numbers put in, and who published it; whatever of these there is.

    >>> derivation({"method": "discovery", "formula": "n = ln(a)/ln(1-p)", "inputs": {"tolerable": 0.05}})
    'discovery: n = ln(a)/ln(1-p); with tolerable 0.05'
    >>> derivation({})
    'as given'
    """
    parts = []
    method, formula = told.get("method"), told.get("formula")
    if method or formula:
        parts.append(": ".join(str(part) for part in (method, formula) if part))
    inputs = told.get("inputs")
    numbers = inputs if isinstance(inputs, Mapping) else {}
    others = {name: value for name, value in told.items() if name not in _NAMED_ELSEWHERE and name != "inputs"}
    used = {**numbers, **others}
    if used:
        parts.append("with " + ", ".join(_input(name, value) for name, value in used.items() if value is not None))
    if told.get("source"):
        parts.append(str(told["source"]))
    return "; ".join(parts) or "as given"


def _input(name: str, value: object) -> str:
    return f"{name.replace('_', ' ')} {value}"
