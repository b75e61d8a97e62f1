"""The same numbers in page, report, `--json` and CSV, from one definition."""

import csv
import html
import io
import json
import re
from datetime import date

import pytest

from auditor.domain.chain import plain
from auditor.domain.claims import CodingSource
from auditor.domain.findings import Outcome
from auditor.domain.people import Role
from auditor.domain.periods import Every
from auditor.errors import BadInput
from auditor.reports import html as pages
from auditor.reports import trend_document
from auditor.services import targeting, trend_reporting, trend_sheets
from auditor.services.metric_trend import TrendQuestion
from auditor.services.reporting import Paper
from tests import make
from tests.domain.judgements import SUBMITTED, claim, codes, verdict
from tests.services.samples import draw, review
from tests.web.conftest import site_over

PAPER = Paper(practice="Hill", time_zone="UTC")


def audited(database) -> None:
    """Two months of AI and human claims of two payers, some in error; one payer is a formula."""
    with database.write() as session:
        plan = make.plan(session, "Oversight")
        for month, wrong in ((7, 6), (8, 10)):
            audit = make.audit(session, plan=plan, first_on=date(2025, month, 1), last_on=date(2025, month, 28))
            audit.frame.strata = [{"name": "all", "claims": 900}]
            claims = [
                claim(
                    codes(SUBMITTED, make.code("99214", paid_cents=12_000), "36415", "I10"),
                    claim_id=f"C-{month}-{n}",
                    coding_source=CodingSource.AI if n % 2 else CodingSource.HUMAN,
                    served_on=date(2025, month, 1 + n % 28),
                    payer="=Aetna" if n % 3 else "Medicare",
                    paid_cents=13_000,
                )
                for n in range(48)
            ]
            for place, case in enumerate(draw(session, audit, "all", claims, population=900)):
                found = {"l1": verdict(Outcome.CHANGE, correct_code="99213", correct_allowed_cents=9_000)}
                review(session, case, found if place < wrong else None)


METRICS = ("claim_error_rate", "code_over_code_accuracy", "cia_error_rate")
FIELDS = ("specialty", "provider", "coder_of_record", "model_version")
ASKED = [
    *((metric, by) for metric in METRICS for by in (None, "payer", "arm", "code_section")),
    *(("claim_error_rate", by) for by in FIELDS),
    ("ai_human_agreement_ac1", "arm"),
]


@pytest.mark.parametrize(("metric", "by"), ASKED)
def test_page_report_json_and_csv_hold_the_same_numbers(sqlite, metric, by) -> None:
    audited(sqlite)
    question = TrendQuestion(metric=metric, every=Every.MONTH, by=by)
    with sqlite.read() as session:
        report = trend_reporting.trend_report(session, question, paper=PAPER, at=make.NOON)
        printed = json.loads(json.dumps(plain(trend_sheets.documents(trend_reporting.trend_rows(session, question)))))
    told = list(csv.DictReader(io.StringIO(trend_sheets.csv_text(report.rows))))
    assert len(printed) == len(told) == len(report.rows) >= 2
    for row, of_json, of_csv in zip(report.rows, printed, told, strict=True):
        for name in ("estimate", "low", "high"):
            assert of_json[name] == getattr(row.figure, name)
            assert of_csv[name] == ("" if of_json[name] is None else repr(of_json[name]))
        assert (of_csv["n"], of_csv["numerator"]) == (str(row.figure.n), str(row.figure.numerator))
    browser = site_over(sqlite).logged_in("olga", Role.OFFICER)
    page = browser.get(f"/trends?metric={metric}" + (f"&by={by}" if by else "")).text
    paper = pages.html(trend_document.document(report))
    assert browser.get(f"/trends/export?metric={metric}" + (f"&by={by}" if by else "")).text == trend_sheets.csv_text(
        report.rows
    )
    for row in report.rows:
        shown = [cell.text for cell in trend_document.cells(row)]
        assert any(_has(line, shown) for line in _lines(page)) is (row.figure.n > 0), shown
        assert any(_has(line, shown) for line in _lines(paper)), shown


def _lines(page: str) -> list[str]:
    return [html.unescape(re.sub(r"<[^>]+>", "|", line)) for line in re.findall(r"<tr>.*?</tr>", page, re.DOTALL)]


def _has(line: str, texts: list[str]) -> bool:
    return all(text in line for text in texts)


def test_ai_beside_human_differ_by_what_the_two_rates_say(sqlite) -> None:
    audited(sqlite)
    question = TrendQuestion(metric="claim_error_rate", every=Every.MONTH, by="payer")
    with sqlite.read() as session:
        report = trend_reporting.trend_report(session, question, paper=PAPER, at=make.NOON)
        asked = TrendQuestion(metric="ai_human_difference", every=Every.MONTH)
        same = trend_reporting.trend_rows(session, asked)
    for gap, row in zip(report.gap, same, strict=True):
        ai, human = (
            next(r for r in report.arms if (r.period, r.figure.arm) == (gap.period, arm)) for arm in ("ai", "human")
        )
        assert gap.figure.estimate == pytest.approx(ai.figure.estimate - human.figure.estimate)
        assert (gap.figure.low, gap.figure.high) == pytest.approx((row.figure.low, row.figure.high))
        assert gap.figure.low < gap.figure.estimate < gap.figure.high


def test_a_section_of_codes_is_judged_by_its_codes_alone(sqlite) -> None:
    audited(sqlite)
    question = TrendQuestion(metric="claim_error_rate", every=Every.MONTH, by="code_family")
    with sqlite.read() as session:
        rows = trend_reporting.trend_rows(session, question)
    errors = {(row.period, row.figure.slice.partition("=")[2]): row.figure.numerator for row in rows}
    assert errors["2025-08", "Evaluation and management"] == 10
    assert errors["2025-08", "Surgery"] == errors["2025-08", "Diagnoses: circulatory"] == 0


def test_each_point_leads_to_the_cases_that_it_counts(sqlite) -> None:
    audited(sqlite)
    question = TrendQuestion(metric="claim_error_rate", every=Every.MONTH, by="payer")
    with sqlite.read() as session:
        for row in trend_reporting.trend_rows(session, question):
            found = trend_reporting.behind(session, question, period=row.period, name=row.figure.slice)
            assert len(found) == row.figure.n
            assert sum(bool(case.error) for case in found) == row.figure.numerator
        with pytest.raises(BadInput, match="no audited claim lies in 2024-01"):
            trend_reporting.behind(session, question, period="2024-01", name="payer=Medicare")
        with pytest.raises(BadInput, match="has payer=Cigna"):
            trend_reporting.behind(session, question, period="2025-07", name="payer=Cigna")


def test_claims_picked_for_a_reason_are_in_no_trend(practice) -> None:
    sample = practice.drawn(size=10)
    with practice.database.read() as session:
        rows = trend_reporting.trend_rows(session, TrendQuestion(metric="ai_human_agreement", every=Every.QUARTER))
    drawn = {each.claim_id for each in sample.selections}
    extra = [each for each in practice.claim_ids() if each not in drawn][:5]
    request = targeting.TargetRequest(audit_id=sample.audit_id, item_ids=tuple(extra), reason="a complaint")
    targeting.target(practice.database, request, by="olga", at=make.NOON, environment={})
    question = TrendQuestion(metric="ai_human_agreement", every=Every.QUARTER)
    with practice.database.read() as session:
        assert trend_reporting.trend_rows(session, question) == rows
