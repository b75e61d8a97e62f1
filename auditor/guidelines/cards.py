"""What built-in rules say of themselves, read from `config/rules.toml` once. Knows no rule's code."""

import tomllib
from collections.abc import Mapping
from functools import cache

from auditor import resources
from auditor.domain.findings import ErrorType, Severity
from auditor.guidelines.protocol import RuleCard


@cache
def cards() -> Mapping[str, RuleCard]:
    """Every card by the name of its rule."""
    text = (resources.folder("config") / "rules.toml").read_text(encoding="utf-8")
    return {name: _card(name, entry) for name, entry in tomllib.loads(text).items()}


def _card(name: str, entry: Mapping[str, str]) -> RuleCard:
    return RuleCard(
        name=name,
        citation=entry["citation"],
        explanation=entry["explanation"],
        needs=entry["needs"],
        not_judged=entry["not_judged"],
        severity=Severity(entry["severity"]),
        error_type=ErrorType(entry["error_type"]),
    )
