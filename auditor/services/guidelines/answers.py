"""A check as outside scripts read it: one document, with the severity that each rule's card gives."""

from auditor.services.guidelines.checking import Checked


def check_document(checked: Checked) -> dict[str, object]:
    """Violations, their count by rule, and what could not be judged by rule and reason."""
    return {
        "violations": [
            {
                "rule": one.rule,
                "claim_id": one.claim_id,
                "codes": list(one.codes),
                "edition": one.edition,
                "severity": checked.severities[one.rule],
            }
            for one in checked.violations
        ],
        "unlisted": checked.unlisted,
        "by_rule": dict(sorted(checked.by_rule.items())),
        "not_judged": checked.not_judged,
        "run_id": checked.run_id,
        "lines": checked.lines,
        "editions": checked.editions,
        "rules_left_out": checked.rules_left_out,
    }
