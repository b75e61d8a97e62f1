"""What an audit report says, in each of its states."""

import hashlib
import subprocess
import sys
from pathlib import Path

from auditor.domain.audits import AuditState, SeedSource
from auditor.reports import audit_document
from auditor.reports.document import Document, Drawing, Listing, Notice, Section, Table
from auditor.reports.model import FigureState, Progress
from tests.reports.make_certificates import SEED, certificate
from tests.reports.make_reports import audit_report, empty_report, figure, no_data, signed_report


def lede(document: Document) -> str:
    return " ".join(document.lede).replace("\u00a0", " ")


def part(document: Document, name: str) -> Section:
    return next(section for section in document.sections if section.name == name)


def table(section: Section, caption: str) -> Table:
    return next(block for block in section.blocks if isinstance(block, Table) and block.caption == caption)


def test_a_report_begins_with_the_sentence_of_an_officer() -> None:
    assert lede(audit_document.document(audit_report())) == (
        "107 of 120 drawn cases are done. AI claim error rate 4.7 %, between 2.2 and 8.9 % (95 % confidence,"
        " 107 claims), so far. The interval holds the tolerable rate of 5.0 %: this sample"
        " cannot say on which side of it the true rate lies."
    )


def test_an_interval_below_or_above_the_tolerable_rate_says_so() -> None:
    below = audit_document.document(audit_report(headline=figure(high=0.05)))
    above = audit_document.document(audit_report(headline=figure(low=0.051)))
    assert "lies at or below the tolerable rate of 5.0 %" in lede(below)
    assert "lies above the tolerable rate of 5.0 %" in lede(above)


def test_nothing_scored_is_no_data_and_never_a_rate() -> None:
    document = audit_document.document(empty_report())
    assert "Nothing has been scored yet" in lede(document)
    assert "%" not in lede(document)
    chart = next(block for block in part(document, "rates").blocks if isinstance(block, Drawing))
    assert [row.estimate for row in chart.chart.rows] == [None]  # type: ignore[union-attr]
    assert chart.chart.title == "Nothing has been scored yet"


def test_too_few_to_say_withholds_the_rate() -> None:
    few = figure(n=3, state=FigureState.TOO_FEW)
    document = audit_document.document(audit_report(headline=few, figures=(few,)))
    assert "too few to say (95 % confidence, 3 claims" in lede(document)
    assert "4.7 %" not in lede(document)


def test_a_draft_a_signed_a_tainted_and_an_abandoned_report_say_what_they_are() -> None:
    states = {
        "draft": audit_report(),
        "signed": signed_report(),
        "tainted": signed_report(tainted=True),
        "abandoned": audit_report(state=AuditState.ABANDONED),
    }
    for word, report in states.items():
        document = audit_document.document(report)
        notices = [block.title for block in document.front if isinstance(block, Notice)]
        assert document.status.text == word
        assert (notices == []) == (word == "signed")


def test_records_not_produced_are_listed_by_our_own_numbers() -> None:
    records = table(part(audit_document.document(audit_report()), "records"), "Cases without a record")
    assert [row[0].text for row in records.rows] == ["19", "88"]


def test_one_case_is_spoken_of_as_one() -> None:
    report = audit_report(progress=Progress(drawn=120, done=1, requested=1, not_produced=0, targeted=1))
    document = audit_document.document(report)
    assert lede(document).startswith("1 of 120 drawn cases is done.")
    assert any("1 record is requested" in getattr(block, "text", "") for block in part(document, "records").blocks)


def test_a_seed_typed_by_hand_is_not_called_committed() -> None:
    committed = part(audit_document.document(audit_report()), "certificate")
    supplied = part(
        audit_document.document(audit_report(certificate=certificate(seed_source=SeedSource.SUPPLIED))), "certificate"
    )
    said = [" ".join(getattr(block, "text", "") for block in each.blocks) for each in (committed, supplied)]
    assert "before its frame was known. Its SHA-256" in said[0]
    assert "typed in by hand" in said[1]
    assert "Nobody could choose" not in said[1]


def test_the_lines_on_the_certificate_draw_the_sample_again(tmp_path: Path) -> None:
    section = part(audit_document.document(audit_report()), "certificate")
    listing = next(block for block in section.blocks if isinstance(block, Listing))
    (tmp_path / "again.py").write_text(listing.text)
    ids = [f"C{number:04d}" for number in range(300)]
    (tmp_path / "ids.txt").write_text("\n".join(ids))
    done = subprocess.run(
        [sys.executable, str(tmp_path / "again.py"), str(tmp_path / "ids.txt"), "5"],
        capture_output=True,
        text=True,
        check=True,
    )
    tickets = {item: hashlib.sha256(f"{SEED},{item}".encode()).hexdigest() for item in ids}
    expected = sorted(ids, key=lambda item: (tickets[item], item))[:5]
    assert [line.split() for line in done.stdout.splitlines()] == [[tickets[item], item] for item in expected]
    assert len(listing.text.splitlines()) <= 11


def test_the_certificate_names_every_round_exclusion_and_abandoned_draw() -> None:
    section = part(audit_document.document(audit_report()), "certificate")
    assert [row[1].text for row in table(section, "Rounds").rows] == ["100", "120"]
    assert "AICPA Audit Guide" in table(section, "Rounds").rows[0][2].text
    assert {row[0].text: row[1].text for row in table(section, "Exclusions").rows} == {
        "no amount paid": "212",
        "status voided": "38",
    }
    assert [row[0].text for row in table(section, "Abandoned draws").rows] == ["11"]


def test_a_metric_without_data_stands_in_the_table_and_says_so() -> None:
    report = audit_report(figures=(figure(), no_data(metric="overcoding_rate")))
    rows = table(part(audit_document.document(report), "rates"), "Every measure, with 95\u00a0% intervals").rows
    assert [row[2].text for row in rows] == ["4.7\u00a0%", "no data"]
