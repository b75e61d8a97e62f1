"""How `auditor alert show` shows one alert: what moved and why, what was decided before, and its steps."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from rich.console import Console

from auditor.cli import output
from auditor.services.alert_precedents import Decided
from auditor.services.suspect_evidence import SuspectEvidence
from auditor.storage.alert_steps import AlertStep
from auditor.storage.monitors import Alert


@dataclass(frozen=True, kw_only=True)
class Shown:
    """An alert with what was done to it, earlier ones like it, and what ordered audits show."""

    alert: Alert
    steps: Sequence[AlertStep]
    precedents: Sequence[Decided]
    evidence: Sequence[SuspectEvidence]
    gone_since: date | None = None

    def document(self) -> dict[str, object]:
        """Steps and precedents as `--json` prints them."""
        names = ("move", "by", "at", "reason", "person", "until", "audit_id")
        return {
            "steps": [{name: getattr(step, name) for name in names} for step in self.steps],
            "precedents": list(self.precedents),
            "ordered_audits": list(self.evidence),
            "gone_since": self.gone_since,
        }


def show_alert(screen: Console, shown: Shown) -> None:
    """Print it."""
    found = shown.alert
    story = found.latest
    screen.print(f"alert {found.id} · {found.state.value} · {story['severity']}", markup=False)
    screen.print(story["sentence"], markup=False)
    if shown.gone_since:
        screen.print(
            f"the run of {shown.gone_since:%-d %b %Y} no longer saw it: quiet, or its ground was corrected",
            soft_wrap=True,
        )
    if story["signals"]:
        _figures(screen, story)
    for earlier in shown.precedents:
        screen.print(
            f"before: alert {earlier.alert_id} ({', '.join(earlier.shared)}) was {earlier.state.value}"
            f" by {earlier.closed_by} on {earlier.closed_at:%-d %b %Y}: {earlier.reason}",
            markup=False,
            soft_wrap=True,
        )
    for each in shown.evidence:
        screen.print(_said(each), markup=False, soft_wrap=True)
    rows = [(f"{step.at:%Y-%m-%d %H:%M} UTC", step.move.value, step.by, _about(step)) for step in shown.steps]
    screen.print(output.table(["at", "step", "by", "about"], rows))
    screen.print(f"evidence {found.evidence_sha256}", markup=False)
    remedy = story.get("next_step") if found.closed_at is None else None
    if remedy:
        screen.print(f"what to do: {remedy}", markup=False, soft_wrap=True)
    output.next_step(screen, f"auditor alert ack {found.id}" if found.closed_at is None else "auditor alert list")


def _figures(screen: Console, story: dict[str, Any]) -> None:
    rows = [
        (s["what"], _number(s["baseline"], s), _number(s["now"], s), f"{s['now']['n']:,}", s["since"])
        for s in story["signals"]
    ]
    screen.print(output.table(["what", "baseline>", "now>", "n>", "since"], rows))
    cents = story["cost_cents_a_week"]
    screen.print(f"cost a week: {'not priced' if cents is None else f'${cents / 100:,.0f}'} ({story['cost_note']})")
    causes = [(c["checked"], c["figure"], c["verdict"].replace("_", " ")) for c in story["causes"]]
    screen.print(output.table(["cause checked", "figure", "verdict"], causes))


def _said(each: SuspectEvidence) -> str:
    told = f"audit {each.audit_id}: {each.done} of {each.cases} ordered cases are reviewed"
    if each.low is None or each.high is None:
        return told
    return f"{told}, {each.errors} are wrong: between {each.low:.1%} and {each.high:.1%} of such claims"


def _about(step: AlertStep) -> str:
    audit = None if step.audit_id is None else f"audit {step.audit_id}"
    until = None if step.until is None else f"until {step.until}"
    return " · ".join(part for part in (step.person, until, audit, step.reason) if part)


def _number(measure: dict[str, Any], signal: dict[str, Any]) -> str:
    estimate = measure["estimate"]
    if estimate is None:
        return "no data"
    return f"{estimate:.2%}" if signal["unit"] == "share" else f"{estimate:,.2f}"
