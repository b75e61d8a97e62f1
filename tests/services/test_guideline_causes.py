"""Why violations jumped, from what checks stored: two editions, two model versions, and what both together hide."""

from datetime import date, timedelta

import pytest

from auditor.errors import NotFound
from auditor.guidelines.attribution import Cause
from auditor.guidelines.tables import GuidelineKind, Setting
from auditor.services import claim_sources
from auditor.services.guidelines import causes, checking, importing
from auditor.services.guidelines.importing import ImportRequest
from auditor.sources.mapping import preset
from tests import claims_tables, guideline_files, make

CHANGED_ON = date(2025, 4, 7)  # a Monday, in the first week that lies in the second quarter alone
WEEKS = range(-6, 6)


def claims_of(pair_share, model_of):
    """Forty claims a week with two codes each; how many carry the pair depends on nothing but the week."""
    claims, codes = [], []
    for week in WEEKS:
        for number in range(40):
            served_on = CHANGED_ON + timedelta(weeks=week, days=number % 5)
            claim_id = f"{week}/{number}"
            claims.append(
                claims_tables.claim_row(
                    number,
                    claim_id=claim_id,
                    served_on=served_on,
                    coded_on=served_on,
                    coding_source="ai",
                    model_version=model_of(week),
                    patient_id=claim_id,
                    provider="D1",
                )
            )
            second = "29877" if number < 40 * pair_share(week) else "99213"
            codes += [claims_tables.code_row(claim_id, "29881"), claims_tables.code_row(claim_id, second, sequence=2)]
    return {"claims": claims, "codes": codes}


@pytest.fixture
def explained(sqlite, tmp_path):
    def explain(tables, quarters):
        for name, column2, first in quarters:
            path = guideline_files.ptp(tmp_path / f"{name}.txt", [guideline_files.ptp_line("29881", column2, first)])
            request = ImportRequest(kind=GuidelineKind.NCCI_PTP, path=path, setting=Setting.PRACTITIONER)
            importing.import_file(sqlite, request, by="olga", at=make.NOON)
        url = claims_tables.in_sqlite(tmp_path / "claims.sqlite", tables)
        access = claim_sources.Access(name="claims", url=url, mapping=preset("canonical"))
        with sqlite.write() as session:
            source_id = claim_sources.add(session, access, by="olga", at=make.NOON).id
        request = checking.CheckRequest(source="claims", first_on=date(2025, 1, 1), last_on=date(2025, 12, 31))
        for _ in range(2):  # a second check of the same weeks counts no claim twice
            checking.check(sqlite, request, by="olga", at=make.NOON, environment={})
        with sqlite.read() as session:
            return causes.cause(session, source_id=source_id, rule="ncci_ptp", jumped_on=CHANGED_ON)

    return explain


OLD, NEW = ("2025q1", "36000", "20200101"), ("2025q2", "29877", "20250401")
ALWAYS = ("2025q1", "29877", "20200101")


def test_a_pair_that_begins_with_a_quarter_is_laid_to_the_edition(explained):
    found = explained(claims_of(lambda week: 0.25, lambda week: "3.1"), [OLD, NEW])
    assert found.cause is Cause.EDITION
    assert found.jump.after == (60, 480)


def test_a_model_that_unbundles_more_is_laid_to_the_model(explained):
    tables = claims_of(lambda week: 0.5 if week >= 0 else 0.05, lambda week: "3.2" if week >= 0 else "3.1")
    assert explained(tables, [ALWAYS]).cause is Cause.MODEL


def test_a_jump_without_any_change_is_laid_to_neither(explained):
    tables = claims_of(lambda week: 0.5 if week >= 0 else 0.05, lambda week: "3.1")
    assert explained(tables, [ALWAYS]).cause is Cause.NEITHER


def test_without_a_check_there_is_nothing_to_explain(sqlite):
    with sqlite.read() as session, pytest.raises(NotFound, match="guideline check"):
        causes.cause(session, source_id=1, rule="ncci_ptp", jumped_on=CHANGED_ON)
