"""Rules that read the claims: those that the engine is not asked, and the house's own. Slower than a question.

Claims are read some patients at a time, with the ninety days before the period as context.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from auditor.domain.claims import Claim, Stage
from auditor.domain.plans import Period
from auditor.guidelines.judging import Reading, judge
from auditor.guidelines.protocol import Violation
from auditor.guidelines.registry import AnyRule
from auditor.guidelines.surgery import MOST_DAYS
from auditor.guidelines.tables import CodeTables
from auditor.services.guidelines.house import rules_in_force
from auditor.services.monitoring.weeks import monday
from auditor.sources.breaches import Breach
from auditor.sources.connection import ClaimsSource

# Rules that are asked in the claims' own engine.
ASKED = frozenset({"addon_without_primary", "code_validity", "mue", "ncci_ptp"})

MOST_LINES = 100_000  # with more lines than this in the period, these rules run only on demand


@dataclass(kw_only=True)
class ReadRules:
    """The rules that read the claims of a period, and what they could not judge: {rule: {reason: claims}}."""

    rules: tuple[AnyRule, ...]
    period: Period
    stage: Stage | None
    not_judged: dict[str, dict[str, int]] = field(default_factory=dict)

    @property
    def read_from(self) -> date:
        """The first day whose claims are read."""
        return self.period.first_on - timedelta(days=MOST_DAYS)

    def breaches(self, source: ClaimsSource, tables: CodeTables) -> Iterator[Breach]:
        """Every breach of these rules; `not_judged` is whole at the end."""
        counted: Counter[tuple[str, str]] = Counter()
        reading = Reading(stage=self.stage, period=self.period, read_from=self.read_from, read_to=self.period.last_on)
        for claims in source.by_patient(self.read_from, self.period.last_on):
            judged = judge(claims, tables, rules=self.rules, reading=reading)
            counted.update((each.rule, each.reason.value) for each in judged.not_judged)
            named = {claim.claim_id: claim for claim in claims}
            yield from (_breach(each, named[each.claim_id]) for each in judged.violations)
        for (rule, reason), number in sorted(counted.items()):
            self.not_judged.setdefault(rule, {})[reason] = number


def read_rules(own: Path | None, *, period: Period, stage: Stage | None) -> ReadRules:
    """The rules in force, without those that the engine is asked."""
    rules = tuple(rule for rule in rules_in_force(own) if rule.card.name not in ASKED)
    return ReadRules(rules=rules, period=period, stage=stage)


def severities(own: Path | None) -> Mapping[str, str]:
    """The severity of every rule in force, by name."""
    return {rule.card.name: rule.card.severity.value for rule in rules_in_force(own)}


def _breach(violation: Violation, claim: Claim) -> Breach:
    counted_on = claim.coded_on or claim.served_on
    return Breach(
        rule=violation.rule,
        claim_id=violation.claim_id,
        codes=violation.labels,
        edition=violation.edition,
        week_on=monday(counted_on),
        served_week_on=monday(claim.served_on),
        coding_source=claim.coding_source.value,
        model_version=claim.model_version,
        provider=claim.provider,
        payer=claim.payer,
    )
