"""Opening a claims database by URL, read-only where the engine can, and the questions one may ask of it.

    sqlite:///claims.sqlite                   opened with mode=ro
    postgresql+psycopg://user@host/db         one read-only transaction, repeatable read
    duckdb:///claims.duckdb                   opened read_only
    duckdb-folder:////path/to/folder          an in-memory DuckDB over Parquet or CSV files, one table a file

Everything asked of one open source is answered from one snapshot of it.
"""

from collections.abc import Iterator, Sequence
from collections.abc import Mapping as Dictionary
from dataclasses import dataclass
from datetime import date
from typing import Self

from auditor.domain.claims import Claim
from auditor.sources.agreement import AgreementCounts, StagePair, count_agreement
from auditor.sources.canonical import resolve
from auditor.sources.case_mix import MixCount, MixQuestion, count_mix
from auditor.sources.check import SourceCheck, check
from auditor.sources.coded_lines import LinesWanted
from auditor.sources.denied_claims import denials_of
from auditor.sources.details import read_claims
from auditor.sources.draw import Drawn, draw, draw_below
from auditor.sources.engines import DUCKDB_MEGABYTES_A_THREAD, Opened, connect
from auditor.sources.exclusions import Exclusion, count_exclusions
from auditor.sources.foreseen import Foresee
from auditor.sources.frame import Frame, take_frame
from auditor.sources.frame_rows import FrameUnit, frame_rows
from auditor.sources.guideline_questions import GuidelineQuestions
from auditor.sources.items import StratumCount, Tables, count_strata
from auditor.sources.mapping import Mapping
from auditor.sources.patients import claims_by_patient
from auditor.sources.population import Population
from auditor.sources.reading import Reader
from auditor.sources.shares import ShareCount, count_shares
from auditor.sources.suspects import SuspectQuestion, suspects
from auditor.sources.week_marks import WeekMarks, mark_weeks
from auditor.sources.weeks import WeekCounts, count_weeks


@dataclass(frozen=True, kw_only=True)
class Strata:
    """The strata of a population, and the claims that it leaves out."""

    strata: tuple[StratumCount, ...]
    exclusions: tuple[Exclusion, ...]


class ClaimsSource:
    """An open claims database and the questions that may be asked of it; close it, or use it with `with`."""

    def __init__(self, opened: Opened, mapping: Mapping) -> None:
        self._opened = opened
        reader = Reader(opened.connection, place=opened.place)
        sections = resolve(reader, mapping)
        opened.connection.rollback()  # the snapshot begins with the first question
        self._tables = Tables(
            reader=reader,
            mapping=mapping,
            claims=sections["claims"],
            codes=sections["codes"],
            documents=sections.get("documents"),
            remits=sections.get("remits"),
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the snapshot and let go of the connection."""
        self._opened.close()

    def check(self) -> SourceCheck:
        """How much there is, which arms and dates, what is missing and switched off, what is wrong."""
        return check(self._tables)

    def strata(self, population: Population) -> Strata:
        """The strata of a population with their counts, and what is left out of it, with the reason."""
        strata = count_strata(self._tables, population)
        return Strata(strata=strata, exclusions=count_exclusions(self._tables, population))

    def shares(self, every: Population, planned: Population | None) -> tuple[ShareCount, ...]:
        """The claims of a period by arm, payer and specialty, and those of them that plans draw from."""
        return count_shares(self._tables, every, planned)

    def frame(self, population: Population, *, seed: str, foresee: Foresee | None = None) -> Frame:
        """The population's counts, cents and digests by stratum and bucket, for one seed.

        `foresee` turns the counts of strata into the sizes that will be drawn next, which spares that draw a pass.
        """
        taken = take_frame(self._tables, population, seed=seed, foresee=foresee)
        self._opened.refuse_change()
        return taken

    def frame_rows(self, population: Population) -> Iterator[FrameUnit]:
        """Every unit of the population, by stratum and id."""
        return frame_rows(self._tables, population)

    def draw(self, population: Population, *, seed: str, sizes: Dictionary[str, int]) -> tuple[Drawn, ...]:
        """The units with the smallest tickets of every stratum named, in order of stratum and ticket."""
        drawn = draw(self._tables, population, seed=seed, sizes=sizes)
        self._opened.refuse_change()
        return drawn

    def draw_below(self, population: Population, *, seed: str, limit: str) -> tuple[Drawn, ...]:
        """The units whose ticket lies below a limit, in order of stratum and ticket."""
        drawn = draw_below(self._tables, population, seed=seed, limit=limit)
        self._opened.refuse_change()
        return drawn

    def claims(self, claim_ids: Sequence[str]) -> tuple[Claim, ...]:
        """The claims of these ids with codes and documents; one that is gone is absent."""
        return read_claims(self._tables, claim_ids)

    def denials_of(self, claim_ids: Sequence[str]) -> Dictionary[str, tuple[str, ...]]:
        """The reasons for which payers denied each of these claims; claims without a denial are absent."""
        return denials_of(self._tables, claim_ids)

    def agreement(self, pair: StagePair) -> tuple[AgreementCounts, ...]:
        """How two stages of the same claims agree, as sums over the claims that carry both."""
        return count_agreement(self._tables, pair)

    def week_counts(self, first_on: date, last_on: date) -> WeekCounts:
        """Lines and claims of each week's coding output, for the monitors."""
        counts = count_weeks(self._tables, first_on, last_on)
        self._opened.refuse_change()
        return counts

    def week_marks(self, first_on: date, last_on: date) -> WeekMarks:
        """What tells of each week whether it is as it was when it was counted."""
        return mark_weeks(self._tables, first_on, last_on)

    def suspects(self, question: SuspectQuestion, *, seed: str, size: int) -> tuple[str, ...]:
        """Ids of claims that show what an alert tells of, picked by ticket."""
        return suspects(self._tables, question, seed=seed, size=size)

    def case_mix(self, question: MixQuestion) -> tuple[MixCount, ...]:
        """Lines of what moved by specialty, payer and place of service, for standardisation."""
        return count_mix(self._tables, question)

    def by_patient(self, first_on: date, last_on: date) -> Iterator[tuple[Claim, ...]]:
        """The claims served in some days, some whole patients at a time."""
        return claims_by_patient(self._tables, first_on, last_on)

    def guidelines(self, wanted: LinesWanted) -> GuidelineQuestions:
        """The questions of a guideline check about the lines of a period."""
        return GuidelineQuestions(self._tables, wanted)


def open_source(
    url: str, mapping: Mapping, *, environment: Dictionary[str, str], megabytes: int = DUCKDB_MEGABYTES_A_THREAD
) -> ClaimsSource:
    """Open the claims database of a URL, check the mapping against it, and hand it over to be asked."""
    opened = connect(url, environment=environment, megabytes=megabytes)
    try:
        return ClaimsSource(opened, mapping)
    except BaseException:
        opened.close()
        raise
