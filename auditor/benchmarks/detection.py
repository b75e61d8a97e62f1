"""The detection study: false mails of whole practices without drift, and how soon known drifts are told of.

Practices are simulated, decisions are the product's own. Every run has a seed of its own: a study can be made again.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from auditor.benchmarks.detection_feeds import feed_for
from auditor.benchmarks.detection_kept import Answer, Piece
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


@dataclass(frozen=True, kw_only=True)
class Size:
    """How much is asked: practice-years without drift, runs of each drift, and the first of their numbers."""

    practices: int
    runs: int
    seed: int = 0

    @property
    def calm(self) -> int:
        """Streams without drift that set the limits of other detectors."""
        return 5 * self.runs


def pieces(size: Size) -> list[Piece]:
    """All that a study asks of the product."""
    years = [Piece("quiet", "", (size.seed + place,)) for place in range(size.practices)]
    return years + [Piece("drift", each.name, (size.seed + run,)) for each in SCENARIOS for run in range(size.runs)]


def peer_pieces(size: Size, *, streams: int) -> list[Piece]:
    """All that a study asks of other detectors, on the sites that the product had.

    A stream of a practice with so many `streams` may cause so many false alarms a year as the budget leaves to each.
    """
    return [Piece("peers", each.name, (size.seed, size.calm, size.runs, streams)) for each in SCENARIOS]


def answer(piece: Piece) -> Any:
    """The answer to a piece in JSON's types; other detectors are left out where they are not installed."""
    if piece.kind == "quiet":
        return asdict(quiet_year(*piece.numbers))
    if piece.kind == "drift":
        return asdict(caught(_named(piece.scenario), *piece.numbers))
    return [asdict(each) for each in _peers_of(_named(piece.scenario), *piece.numbers)]


def _named(name: str) -> Scenario:
    return next(each for each in SCENARIOS if each.name == name)


def read_quiet(found: Sequence[Answer]) -> list[QuietYear]:
    """The practice-years among some answers."""
    return [
        QuietYear(
            practice=each.answer["practice"],
            streams=each.answer["streams"],
            told=tuple(Told(**{**told, "monitors": tuple(told["monitors"])}) for told in each.answer["told"]),
        )
        for each in found
        if each.piece.kind == "quiet"
    ]


def read_delays(found: Sequence[Answer]) -> list[Delays]:
    """The product's delays of each scenario, and other detectors', among some answers."""
    ours = by_scenario([Caught(**each.answer) for each in found if each.piece.kind == "drift"])
    theirs = [fields for each in found if each.piece.kind == "peers" for fields in each.answer]
    return ours + [Delays(**{**fields, "weeks": tuple(fields["weeks"])}) for fields in theirs]


def _peers_of(scenario: Scenario, seed: int, calm: int, runs: int, streams: int) -> list[Delays]:
    still = [feed_for(scenario.name, drifting_site(scenario, seed + run, drift=False)) for run in range(calm)]
    moved = [feed_for(scenario.name, drifting_site(scenario, seed + run)) for run in range(runs)]
    years = (BEGINS + scenario.horizon - BASELINE_WEEKS) / 52
    found = []
    for peer in PEERS:
        if peer.installed and peer.reads(scenario.name):
            limit = limit_of([peer.score(feed) for feed in still], false_alarms=FALSE_MAILS_A_YEAR / streams * years)
            weeks = [delay(peer.score(feed), limit=limit, begins=BEGINS, horizon=scenario.horizon) for feed in moved]
            found.append(Delays(detector=peer.name, scenario=scenario.name, weeks=tuple(weeks)))
    return found
