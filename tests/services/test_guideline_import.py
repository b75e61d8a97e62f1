import json
from datetime import date

import pytest
from sqlalchemy import delete, func, inspect, select, update

from auditor.errors import BadInput, Conflict
from auditor.guidelines.tables import GuidelineKind, Setting
from auditor.services.guidelines import editions, importing
from auditor.services.guidelines.importing import ImportRequest
from auditor.storage.guidelines import Edition, PtpGroup
from auditor.storage.log import LogEntry
from tests import guideline_files as files
from tests import make

PTP = GuidelineKind.NCCI_PTP


def imported(database, path, kind=PTP, **given):
    request = ImportRequest(kind=kind, path=path, **given)
    return importing.import_file(database, request, by="olga", at=make.NOON)


def problems(database):
    with database.read() as session:
        return editions.problems(editions.imported(session))


def test_an_import_is_an_edition_with_its_digest_and_a_log_entry(database, tmp_path):
    lines = [files.ptp_line(), files.ptp_line(column2="36000"), files.ptp_line(first="20240101", last="20230101")]
    done = imported(database, files.ptp(tmp_path / "ccipra-v302r0-f1.txt", lines))
    assert (done.edition, done.setting, done.rows, done.rejected) == ("2024q3", Setting.PRACTITIONER, 2, 1)
    assert (done.first_on, done.last_on) == (date(2024, 7, 1), date(2024, 9, 30))
    with database.read() as session:
        group = session.scalars(select(PtpGroup)).one()
        entry = session.scalars(select(LogEntry)).one()
    assert group.column2s == "29877 36000"
    assert json.loads(entry.body)["file_sha256"] == done.file_sha256


def test_the_same_file_again_changes_nothing_and_says_so(database, tmp_path):
    path = files.ptp(tmp_path / "2024q3.txt", [files.ptp_line()])
    assert not imported(database, path).already
    assert imported(database, path).already
    with database.read() as session:
        assert session.scalar(select(func.count(Edition.id))) == 1


def test_another_file_for_the_same_edition_is_refused_unless_it_revises_it(database, tmp_path):
    imported(database, files.ptp(tmp_path / "2024q3.txt", [files.ptp_line()]))
    other = files.ptp(tmp_path / "2024q3-r1.txt", [files.ptp_line(column2="36000")])
    with pytest.raises(Conflict, match="add --revise"):
        imported(database, other)
    assert imported(database, other, revise=True).revision == 2
    with database.read() as session:
        (used,) = editions.in_force(editions.imported(session))
    assert used.edition.revision == 2


def test_editions_are_read_again_only_when_another_has_come(database, tmp_path):
    imported(database, files.ptp(tmp_path / "2024q3.txt", [files.ptp_line()]))
    read = []
    for _ in range(2):
        with database.glance() as session:
            read.append(editions.imported(session))
    assert read[0] is read[1]
    imported(database, files.ptp(tmp_path / "2024q4.txt", [files.ptp_line(first="20241001")]))
    with database.read() as session:
        assert [each.name for each in editions.imported(session)] == ["2024q3", "2024q4"]


def test_an_import_that_ends_after_a_later_one_is_seen_too(database, tmp_path):
    imported(database, files.ptp(tmp_path / "2024q3.txt", [files.ptp_line()]))
    with database.write() as session:
        session.execute(delete(PtpGroup))
        session.execute(update(Edition).values(id=7))  # as if the number before it were still being imported
    with database.glance() as session:
        assert len(editions.imported(session)) == 1
        (known,) = session.scalars(select(Edition))
        same = {each.key: getattr(known, each.key) for each in inspect(Edition).column_attrs}
    with database.write() as session:
        session.add(Edition(**same | {"id": 3, "name": "2024q2"}))
    with database.glance() as session:
        assert [each.name for each in editions.imported(session)] == ["2024q2", "2024q3"]


def test_a_file_of_which_most_cannot_be_read_leaves_nothing_behind(database, tmp_path):
    lines = [files.ptp_line(), files.ptp_line(indicator="x"), files.ptp_line(indicator="y")]
    with pytest.raises(BadInput, match="1 lines that can be read and 2 that cannot, so nothing was imported: line 8"):
        imported(database, files.ptp(tmp_path / "2024q3.txt", lines))
    with database.read() as session:
        assert session.scalar(select(func.count(Edition.id))) == 0
        assert session.scalar(select(func.count(PtpGroup.id))) == 0


def test_an_edition_that_nothing_names_is_asked_for(database, tmp_path):
    path = files.mue(tmp_path / "mue.csv", {"99213": (1, "2")})
    with pytest.raises(BadInput, match="add --edition 2024q3 or --from DATE"):
        imported(database, path, GuidelineKind.NCCI_MUE)
    done = imported(database, path, GuidelineKind.NCCI_MUE, first_on=date(2010, 1, 1))
    assert (done.edition, done.first_on) == ("from 2010-01-01", date(2010, 1, 1))


def test_a_setting_that_the_file_contradicts_is_refused(database, tmp_path):
    path = files.mue(tmp_path / "mue-2024q3.csv", {"99213": (1, "2")})
    with pytest.raises(BadInput, match="says that it is of the practitioner setting, not dme"):
        imported(database, path, GuidelineKind.NCCI_MUE, setting=Setting.DME)
    with pytest.raises(BadInput, match="one list for every setting"):
        imported(database, path, GuidelineKind.ADDON, setting=Setting.DME)


def test_editions_that_overlap_contradict_or_leave_a_gap_are_reported(database, tmp_path):
    for number, name in enumerate(("2024q1", "2024q3", "2024"), start=1):
        imported(database, files.ptp(tmp_path / f"{name}.txt", [files.ptp_line(column2=f"3600{number}")]))
    said = problems(database)
    assert said == [
        (
            "ncci-ptp practitioner 2024q1 and ncci-ptp practitioner 2024 both begin on 2024-01-01: "
            "only ncci-ptp practitioner 2024 is used, and they may differ"
        ),
        (
            "ncci-ptp practitioner 2024 lasts until 2024-12-31, ncci-ptp practitioner 2024q3 begins on 2024-07-01: "
            "from then on ncci-ptp practitioner 2024q3 is used"
        ),
    ]
    imported(database, files.ptp(tmp_path / "2025q2.txt", [files.ptp_line(column2="36009")]))
    assert problems(database)[-1].startswith("no edition was imported for the days between")
