"""The report on paper: archival, tagged, the same bytes each time, and nothing in it is read as markup."""

import io
import re
from dataclasses import replace

import pypdf
import pytest

from auditor.reports import audit_document, pdf, typesetting
from auditor.reports.document import Drawing, Table
from auditor.reports.model import AuditReport
from tests.reports.hostile import hostile
from tests.reports.make_reports import audit_report, empty_report, signed_report

MARKUP = '#panic("no") *b* $x$ @a <l> \\ ] ) #{ // `'


def made(report: AuditReport) -> bytes:
    return pdf.pdf(audit_document.document(report))


def text_of(file: bytes) -> str:
    """The text without blanks, since a typesetter breaks lines where it likes."""
    pages = pypdf.PdfReader(io.BytesIO(file)).pages
    return re.sub(r"[\s\u200b]+", "", "".join(page.extract_text() for page in pages))


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def test_the_same_report_is_the_same_file() -> None:
    assert made(audit_report()) == made(audit_report())


def test_a_moment_with_a_fraction_of_a_second_is_printed_to_the_second() -> None:
    report = audit_report()
    exact = replace(report, as_of=report.as_of.replace(microsecond=251_456))
    assert made(exact).startswith(b"%PDF")


@pytest.mark.parametrize("report", [audit_report(), empty_report(), signed_report(tainted=True)])
def test_a_file_declares_itself_archival_and_accessible(report: AuditReport) -> None:
    reader = pypdf.PdfReader(io.BytesIO(made(report)))
    metadata = reader.root_object["/Metadata"].get_object().get_data().decode()
    assert "<pdfaid:part>2</pdfaid:part>" in metadata
    assert "<pdfuaid:part>1</pdfuaid:part>" in metadata
    assert reader.metadata is not None
    assert reader.metadata.title == audit_document.document(report).title
    assert reader.metadata.creation_date == report.as_of


def test_paper_says_what_the_page_says() -> None:
    document = audit_document.document(audit_report())
    seen = text_of(pdf.pdf(document))
    for sentence in document.lede:
        assert squeezed(sentence) in seen
    for section in document.sections:
        for block in section.blocks:
            table = block.table if isinstance(block, Drawing) else block
            for row in table.rows if isinstance(table, Table) else ():
                for cell in row:
                    assert squeezed(cell.text) in seen


def test_markup_in_a_text_is_printed_as_it_stands() -> None:
    assert squeezed(MARKUP) in text_of(made(hostile(audit_report(), MARKUP)))


def test_a_letter_that_no_font_has_is_printed_as_its_number() -> None:
    assert "[U+4F60]" in text_of(made(audit_report(practice="你 \U0001f600")))


def test_every_character_called_printable_has_a_shape() -> None:
    everything = "".join(chr(code) for first, last in typesetting._PRINTED for code in range(first, last + 1))
    report = audit_report(practice=everything)
    assert made(report).startswith(b"%PDF-1.7")
