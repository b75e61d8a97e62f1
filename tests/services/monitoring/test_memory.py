"""A series of runs that remembers answers what single runs answer, and asks each week of the source once."""

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from sqlalchemy.orm import Session

from auditor.services import claim_sources, signatures
from auditor.services.audited_outcomes import audited_outcomes
from auditor.services.monitoring.kept_weeks import NOTHING
from auditor.services.monitoring.known_mix import KnownMix
from auditor.services.monitoring.memory import Memory
from auditor.services.monitoring.run import judge_sources
from auditor.services.monitoring.weeks import whole_weeks
from auditor.sources.case_mix import MixQuestion
from auditor.storage.cases import AuditCase
from auditor.storage.database import Database
from tests import make
from tests.drifting_practice import Practice
from tests.services.monitoring.test_runs import RULES, given
from tests.services.test_audited_outcomes import reviewed


def test_remembered_weeks_give_the_same_readings(sqlite: Database, tmp_path: Path) -> None:
    practice = Practice(drift="modifier_25", claims=150, from_week=14, weeks=18)
    given(sqlite, practice, tmp_path)
    memory = Memory()
    for week in (12, 15, 18):
        as_of = practice.monday(week)
        before = datetime.combine(as_of, time(), UTC)
        alone, _ = judge_sources(sqlite, rules=RULES, as_of=as_of, before=before)
        in_series, _ = judge_sources(sqlite, rules=RULES, as_of=as_of, before=before, memory=memory)
        assert [found.evaluation.readings for found in in_series] == [found.evaluation.readings for found in alone]


def test_a_week_that_was_read_is_not_asked_for_again(sqlite: Database, tmp_path: Path) -> None:
    practice = Practice(claims=40, weeks=12)
    given(sqlite, practice, tmp_path)
    with sqlite.read() as session:
        access = claim_sources.access_to(claim_sources.named(session, "hill"))
    memory, weeks = Memory(), whole_weeks(practice.monday(12), 12)
    first = memory.counted(access, weeks, NOTHING, {})
    (tmp_path / "claims.sqlite").unlink()
    again = memory.counted(access, weeks[3:], NOTHING, {})
    assert again.weeks.parts == first.weeks.parts[3:]


def test_of_a_case_mix_only_what_is_new_is_asked_for_and_the_answer_is_that_of_the_source(
    sqlite: Database, tmp_path: Path
) -> None:
    practice = Practice(drift="modifier_25", claims=80, from_week=8, weeks=12)
    given(sqlite, practice, tmp_path)
    with sqlite.read() as session:
        access = claim_sources.access_to(claim_sources.named(session, "hill"))
    memory = Memory()
    for first, last, codes, modifiers in (
        (4, 8, ("99214",), ()),
        (4, 10, ("99214",), ("25",)),
        (2, 11, ("99213", "99214"), ("25",)),
    ):
        question = MixQuestion(
            first_on=practice.monday(first),
            last_on=practice.monday(last) + timedelta(days=6),
            codes=codes,
            modifiers=modifiers,
        )
        with claim_sources.opened(access, environment={}) as source:
            alone = source.case_mix(question)
        assert {each.code for each in alone} >= set(codes)
        assert sorted(memory.case_mix(access, question, {}), key=repr) == sorted(alone, key=repr)
        assert memory.mixes["hill"].missing(question) == []
    (tmp_path / "claims.sqlite").unlink()
    assert sorted(memory.case_mix(access, question, {}), key=repr) == sorted(alone, key=repr)


def test_terms_that_lack_the_same_weeks_are_asked_for_in_one_question() -> None:
    monday = date(2025, 9, 1)
    known = KnownMix()
    known.learn(MixQuestion(first_on=monday, last_on=monday + timedelta(days=13), codes=("99213",)), ())
    wider = MixQuestion(
        first_on=monday, last_on=monday + timedelta(days=20), codes=("99213", "99214"), modifiers=("25",)
    )
    assert known.missing(wider) == [
        MixQuestion(first_on=date(2025, 9, 15), last_on=date(2025, 9, 21), codes=("99213",)),
        MixQuestion(first_on=monday, last_on=date(2025, 9, 21), codes=("99214",), modifiers=("25",)),
    ]


def test_an_audit_that_was_reopened_and_signed_again_is_remembered_as_it_was_on_each_day(sqlite: Database) -> None:
    days = [make.NOON + timedelta(days=day) for day in range(6)]
    with sqlite.write() as session:
        make.user(session, "olga")
        case = make.case(session, make.audit(session), make.claim())
        reviewed(session, case, error=True)
        audit_id, source_id = case.audit_id, case.audit.plan.source_id
        sign(session, audit_id, at=days[1])
    with sqlite.write() as session:
        signatures.reopen(session, audit_id=audit_id, by="olga", at=days[3])
        reviewed(session, session.get_one(AuditCase, case.id), hours=3 * 24)
        sign(session, audit_id, at=days[4])
    memory = Memory()
    with sqlite.read() as session:
        for before, errors in ((days[0], []), (days[2], [True]), (days[3], [True]), (days[5], [False])):
            in_series = memory.outcomes(session, source_id, before=before)
            assert in_series == audited_outcomes(session, source_id=source_id, before=before)
            assert [outcome.error for outcome in in_series] == errors


def sign(session: Session, audit_id: int, *, at: datetime) -> None:
    """The officer signs."""
    signing = signatures.Signing(audit_id=audit_id, signer="olga", meaning="approved as final")
    signatures.sign_off(session, signing, at=at)
