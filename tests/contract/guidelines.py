"""The page of guidelines: its own words, then every rule from its card: `python -m tests.contract.guidelines`."""

from pathlib import Path
from textwrap import fill

from auditor.guidelines import registry
from auditor.guidelines.cards import cards
from auditor.guidelines.house.model import HouseRule
from auditor.guidelines.house.parsing import read
from auditor.guidelines.protocol import RuleCard
from auditor.services.guidelines.house import shipped

PAGE = Path(__file__).parents[2] / "docs" / "guidelines.md"
MARK = "<!-- From here on made from the rules themselves by `python -m tests.contract.guidelines`. -->\n"


def page(written: str) -> str:
    """The page: what people wrote above the mark, and the rules below it."""
    own, _, _ = written.partition(MARK)
    scopes = {rule.card.name: rule.scope.value for rule in registry.built_in()}
    rules = [_entry(card, scopes.get(name, "counts of all claims")) for name, card in sorted(cards().items())]
    house = [_house_entry(rule) for rule in read(shipped())]
    return "".join([own, MARK, "\n## Built-in rules\n", *rules, "\n## House rules that are shipped\n\n", *house])


def _entry(card: RuleCard, scope: str) -> str:
    lines = [
        f"\n### `{card.name}`\n",
        fill(" ".join(card.explanation.split()), 118) + "\n",
        _point(f"Source: {card.citation}."),
        _point(f"Looks at: {scope}. Needs: {card.needs}."),
        _point(f"Not judged: {card.not_judged}"),
        f"* Severity {card.severity}; as a finding: {card.error_type}.",
    ]
    return "\n".join(lines) + "\n"


def _house_entry(rule: HouseRule) -> str:
    card = rule.card
    return _point(f"`{card.name}`: {card.explanation} Source: {card.citation}. Severity {card.severity}.") + "\n"


def _point(text: str) -> str:
    return fill(text, 118, initial_indent="* ", subsequent_indent="  ", break_long_words=False)


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
