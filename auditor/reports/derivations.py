"""How a sample size was derived, from what the draw left behind, in one line of plain words."""

from collections.abc import Mapping


def derivation(told: Mapping[str, object]) -> str:
    """Method, formula, the numbers put in, who published it, and how the sample was shared out.

    >>> derivation({"size": {"method": "discovery", "formula": "n = ln(a)/ln(1-p)", "inputs": {"tolerable": 0.05}}})
    'discovery: n = ln(a)/ln(1-p), with tolerable 0.05'
    >>> derivation({"more": 20, "notes": ["approved beforehand"]})
    '20 more than before; approved beforehand'
    >>> derivation({})
    'as given'
    """
    size, shared, notes = told.get("size"), told.get("allocation"), told.get("notes")
    parts = [
        _method(size) if isinstance(size, Mapping) else "",
        f"{told['more']} more than before" if told.get("more") else "",
        _shared(shared) if isinstance(shared, Mapping) else "",
        *(str(note) for note in (notes if isinstance(notes, list) else ())),
    ]
    return "; ".join(part for part in parts if part) or "as given"


def _method(size: Mapping[str, object]) -> str:
    named = ": ".join(str(size[key]) for key in ("method", "formula") if size.get(key))
    inputs = size.get("inputs")
    used = _inputs(inputs) if isinstance(inputs, Mapping) else ""
    return ", ".join(part for part in (named, used and f"with {used}", str(size.get("source") or "")) if part)


def _inputs(inputs: Mapping[str, object]) -> str:
    given = {name: value for name, value in inputs.items() if value is not None}
    return ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in given.items())


def _shared(allocation: Mapping[str, object]) -> str:
    """How many each stratum gives; nothing to say where there is one."""
    if len(allocation) < 2:
        return ""
    return "shared out as " + ", ".join(f"{name} {count}" for name, count in allocation.items())
