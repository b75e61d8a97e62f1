"""The detection study: false mails of whole practices without drift, and how soon known drifts are told of.

Practices are simulated, decisions are the product's own. Every run has a seed of its own: a study can be made again.
"""

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

from auditor.benchmarks.detection_feeds import feed_for
from auditor.benchmarks.detection_ours import Told, Watcher, year
from auditor.benchmarks.detection_peers import PEERS, delay, limit_of
from auditor.benchmarks.detection_setting import Drift
from auditor.benchmarks.detection_world import BASELINE_WEEKS, Site, site

FALSE_MAILS_A_YEAR = 2.0
SITES = 4
"""Sites of a practice; with what each can tell, they make some 200 streams."""

OURS = "auditor"
BEGINS = 40
HORIZON = 26
_LEAD = 4
_SEED_OF_DRIFTS = 10_000


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """One known drift; `horizon` is how many weeks it may take to be told of before it counts as missed."""

    name: str
    title: str
    drift: Drift
    horizon: int = HORIZON


SCENARIOS = (
    Scenario(name="errors_8", title="audited errors 5 to 8 %", drift=Drift(kind="errors_8")),
    Scenario(name="errors_10", title="audited errors 5 to 10 %", drift=Drift(kind="errors_10")),
    Scenario(name="em_level", title="one E/M level up in 10 % of visits", drift=Drift(kind="em_level")),
    Scenario(name="modifier", title="modifier 25 doubled", drift=Drift(kind="modifier")),
    Scenario(name="codes", title="20 codes at four times their rate", drift=Drift(kind="codes")),
    Scenario(name="stale", title="8 codes ended, AI goes on", drift=Drift(kind="stale")),
    Scenario(name="calibration", title="confidence says nothing any more", drift=Drift(kind="calibration")),
    Scenario(name="creep", title="errors creep from 5 to 10 % over 26 weeks", drift=Drift(kind="creep"), horizon=39),
    Scenario(name="clustered", title="errors of 3 of 10 providers at four times", drift=Drift(kind="clustered")),
    Scenario(
        name="season", title="one E/M level up in 10 %, seasons of 20 %", drift=Drift(kind="em_level", season=0.2)
    ),
)


@dataclass(frozen=True, kw_only=True)
class QuietYear:
    """One practice-year without drift: its streams, and the stories that were told all the same."""

    practice: int
    streams: int
    told: tuple[Told, ...]


@dataclass(frozen=True, kw_only=True)
class Caught:
    """One run of a scenario: weeks from the drift's first until it was told of, None when it was missed."""

    scenario: str
    run: int
    weeks: int | None


def quiet_year(practice: int) -> QuietYear:
    """One practice, watched for a year after half a year of history."""
    sites = [site(f"site {place}", weeks=BASELINE_WEEKS + 52, seed=(practice, place)) for place in range(SITES)]
    watcher = Watcher(sites, FALSE_MAILS_A_YEAR)
    told = tuple(watcher.told(year()))
    return QuietYear(practice=practice, streams=watcher.streams, told=told)


def drifting_site(scenario: Scenario, run: int, *, drift: bool = True) -> Site:
    """The site of one run, with its drift or without."""
    weeks = BEGINS + scenario.horizon
    place = SCENARIOS.index(scenario)
    kind = scenario.drift if drift else Drift(kind="none", season=scenario.drift.season)
    return site("site 0", weeks=weeks, seed=(_SEED_OF_DRIFTS + run, place, int(drift)), drift=kind)


def caught(scenario: Scenario, run: int) -> Caught:
    """Watch one drifting site of a practice whose other sites are alike, with its part of the budget."""
    one = drifting_site(scenario, run)
    watcher = Watcher([one], FALSE_MAILS_A_YEAR / SITES)
    strand = "site 0/ai/3.1"
    weeks = range(BEGINS + 1 - _LEAD, BEGINS + scenario.horizon + 1)
    found = (each.week for each in watcher.told(weeks) if each.strand == strand and each.week > BEGINS)
    week = next(found, None)
    return Caught(scenario=scenario.name, run=run, weeks=None if week is None else week - BEGINS)


def quiet_years(count: int, *, seed: int = 0) -> Iterator[QuietYear]:
    """So many practice-years, on all cores, in order; another `seed` makes other practices."""
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        yield from pool.map(quiet_year, range(seed, seed + count))


def drifts(runs: int, *, seed: int = 0) -> Iterator[Caught]:
    """So many runs of every scenario, on all cores, in order; another `seed` makes other sites."""
    asked = [(scenario, run) for scenario in SCENARIOS for run in range(seed, seed + runs)]
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        yield from pool.map(_caught, asked)


def _caught(asked: tuple[Scenario, int]) -> Caught:
    return caught(*asked)


@dataclass(frozen=True, kw_only=True)
class Delays:
    """Delays of one detector in one scenario, in weeks; None where the drift was missed."""

    detector: str
    scenario: str
    weeks: tuple[int | None, ...]

    @property
    def missed(self) -> int:
        """Runs in which the drift was not told of."""
        return sum(each is None for each in self.weeks)

    def mean(self, horizon: int) -> float:
        """Mean weeks, a missed run counted with the whole horizon."""
        return sum(horizon if each is None else each for each in self.weeks) / max(1, len(self.weeks))


def by_scenario(found: Sequence[Caught]) -> list[Delays]:
    """The product's delays of each scenario, in the study's order."""
    return [
        Delays(
            detector=OURS,
            scenario=scenario.name,
            weeks=tuple(each.weeks for each in found if each.scenario == scenario.name),
        )
        for scenario in SCENARIOS
    ]


def peers_delays(*, quiet: int, runs: int, streams: int, seed: int = 0) -> Iterator[Delays]:
    """Every peer that is installed in every scenario that it can read; its limit comes of `quiet` calm streams.

    A stream of a practice with so many streams may cause so many false alarms a year as the budget leaves to each.
    The drifting sites are those of `drifts` with the same `seed`.
    """
    asked = [(scenario, range(seed, seed + quiet), range(seed, seed + runs), streams) for scenario in SCENARIOS]
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        for found in pool.map(_peers_of, asked):
            yield from found


def _peers_of(asked: tuple[Scenario, range, range, int]) -> list[Delays]:
    scenario, quiet, runs, streams = asked
    calm = [feed_for(scenario.name, drifting_site(scenario, run, drift=False)) for run in quiet]
    moved = [feed_for(scenario.name, drifting_site(scenario, run)) for run in runs]
    years = (BEGINS + scenario.horizon - BASELINE_WEEKS) / 52
    found = []
    for peer in PEERS:
        if peer.installed and peer.reads(scenario.name):
            limit = limit_of([peer.score(feed) for feed in calm], false_alarms=FALSE_MAILS_A_YEAR / streams * years)
            weeks = [delay(peer.score(feed), limit=limit, begins=BEGINS, horizon=scenario.horizon) for feed in moved]
            found.append(Delays(detector=peer.name, scenario=scenario.name, weeks=tuple(weeks)))
    return found
