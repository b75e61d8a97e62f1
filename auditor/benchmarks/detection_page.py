"""The detection study as a Markdown page: false mails kept, delays beside others, and where others are ahead."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from auditor.benchmarks.detection import (
    FALSE_MAILS_A_YEAR,
    OURS,
    SCENARIOS,
    Delays,
    QuietYear,
    Scenario,
    Size,
)
from auditor.benchmarks.detection_kept import Answer
from auditor.benchmarks.detection_peers import MISSING, PEERS

_HEAD = """# How soon drift is told of, and how often without one

Made by `{command}`
{made}; every run has a seed of its own, so the study can be made again.
Practices are simulated: four sites with AI, AI-assisted and human coding, ten providers each with habits and weekly
shocks of their own, seasons of 10 %, a code-set change, baselines estimated from what came before. What is told is
decided by the code that a nightly run uses.

## False mails

{quiet}

## Delays

Mean weeks from a drift's first week until it was told of, over {runs} runs each; a run that missed it counts with the
whole {horizon} weeks (39 for the creep), and the number missed stands in brackets. Audited outcomes (50 a week) are
known four weeks at a time. The product watches all its streams within the whole budget; each other detector is given
the one stream that shows the drift, and a limit that leaves it its stream's part of the same budget ({each:.3f} false
alarms a year), set on {calm} streams without drift. So few show no chance below one in {calm}: the limit is then the
highest score among them, which grants the others more false alarms than their part. "–" is a stream that the detector
cannot read.

{table}

{ahead}

{missing}
"""


@dataclass(frozen=True, kw_only=True)
class Study:
    """All that a page tells."""

    quiet: Sequence[QuietYear]
    delays: Sequence[Delays]
    size: Size
    peers: bool
    answers: Sequence[Answer]

    @property
    def command(self) -> str:
        """What makes it again."""
        size = self.size
        asked = f"--practices {size.practices} --runs {size.runs} --seed {size.seed}"
        return f"auditor bench detection {asked}" + (" --peers" if self.peers else "")


def page(study: Study) -> str:
    """The page."""
    streams = max((each.streams for each in study.quiet), default=200)
    return _HEAD.format(
        command=study.command,
        made=made(study.answers),
        quiet=quiet_sentence(study.quiet),
        runs=study.size.runs,
        horizon=SCENARIOS[0].horizon,
        each=FALSE_MAILS_A_YEAR / streams,
        calm=study.size.calm,
        table=_table(study.delays),
        ahead="\n".join(behind(study.delays)),
        missing=_missing(study.delays),
    )


def made(found: Sequence[Answer]) -> str:
    """When, in how much processor time, and by how many states of the code its answers were found."""
    days = [date.fromisoformat(each.on) for each in found]
    first, last = (f"{day:%-d %B %Y}" for day in (min(days), max(days)))
    when = f"on {first}" if first == last else f"from {first} to {last}"
    states = len({each.code for each in found})
    by = "one state of the code that decides" if states == 1 else f"{states} states of the code that decides"
    return f"{when}, in {sum(each.seconds for each in found):,.0f} s of processor time, by {by}"


def quiet_sentence(quiet: Sequence[QuietYear]) -> str:
    """How many false mails a practice had a year, with what simulation leaves open, beside the budget."""
    counts = np.array([len(each.told) for each in quiet], dtype=np.float64)
    if not counts.size:
        return "No practice-year without drift was simulated."
    reach = 1.96 * float(counts.std(ddof=1)) / counts.size**0.5 if counts.size > 1 else float("nan")
    streams = round(float(np.mean([each.streams for each in quiet])))
    monitors = [name for each in quiet for told in each.told for name in set(told.monitors)]
    often = ", ".join(
        f"{name} {monitors.count(name)}" for name in sorted(set(monitors), key=monitors.count)[::-1][:5]
    )
    return (
        f"{counts.size:,} practice-years without drift, {streams} streams each:"
        f" {counts.mean():.2f} false mails a year"
        f" (within {reach:.2f} either way by simulation), where {FALSE_MAILS_A_YEAR:g} are granted;"
        f" {float((counts == 0).mean()):.0%} of the years had none, the worst {counts.max():.0f}."
        + (f" Monitors that led to them: {often}." if often else "")
    )


def cell(found: Delays | None, scenario: Scenario) -> str:
    """Mean weeks, and how many runs missed."""
    if found is None:
        return "–"
    return f"{found.mean(scenario.horizon):.1f}" + (f" ({found.missed})" if found.missed else "")


def _names(delays: Sequence[Delays]) -> list[str]:
    return list(dict.fromkeys([OURS, *(each.detector for each in delays)]))


def _of(delays: Sequence[Delays], detector: str, scenario: Scenario) -> Delays | None:
    return next((d for d in delays if d.detector == detector and d.scenario == scenario.name), None)


def _table(delays: Sequence[Delays]) -> str:
    names = _names(delays)
    lines = [f"| drift | {' | '.join(names)} |", f"|---|{'---:|' * len(names)}"]
    for scenario in SCENARIOS:
        cells = [cell(_of(delays, name, scenario), scenario) for name in names]
        lines.append(f"| {scenario.title} | {' | '.join(cells)} |")
    return "\n".join(lines)


def behind(delays: Sequence[Delays]) -> list[str]:
    """A sentence for each scenario in which another detector is sooner on average, or one that says there is none."""
    if len(_names(delays)) == 1:
        return ["No other detector was run beside it."]
    found = []
    for scenario in SCENARIOS:
        ours = _of(delays, OURS, scenario)
        for name in _names(delays)[1:]:
            theirs = _of(delays, name, scenario)
            if ours and theirs and theirs.mean(scenario.horizon) < ours.mean(scenario.horizon):
                found.append(
                    f'* {name} is ahead in "{scenario.title}": {theirs.mean(scenario.horizon):.1f} weeks against'
                    f" {ours.mean(scenario.horizon):.1f}, on the one stream that it was given."
                )
    return found or ["No other detector was sooner in any of them."]


def _missing(delays: Sequence[Delays]) -> str:
    ran = {each.detector for each in delays}
    absent = [peer.package for peer in PEERS if peer.name not in ran and peer.package]
    said = [MISSING[package] for package in dict.fromkeys((*absent, "glide"))]
    return "Not beside it: " + "; ".join(said) + "."
