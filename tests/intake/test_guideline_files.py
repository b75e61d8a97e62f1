from datetime import date

import pytest

from auditor.errors import BadInput
from auditor.guidelines.tables import Coverage, GuidelineKind, Setting
from auditor.intake.code_files import CodeRow
from auditor.intake.guideline_files import reading
from auditor.intake.policy_files import HccMappingRow
from tests import guideline_files as files


def rows(path, kind):
    with reading(path, kind) as file:
        return list(file.rows), file


def test_pairs_are_read_below_licence_and_titles_of_several_lines(tmp_path):
    path = files.ptp(tmp_path / "a.txt", [files.ptp_line(), files.ptp_line("00100", "36000", "19960101", "20191231")])
    found, file = rows(path, GuidelineKind.NCCI_PTP)
    assert [(row.column1, row.column2s, row.first_on, row.last_on) for row in found] == [
        ("29881", ("29877",), date(2020, 1, 1), None),
        ("00100", ("36000",), date(1996, 1, 1), date(2019, 12, 31)),
    ]
    assert file.rejections.count == 0


def test_a_bad_line_is_named_with_its_reason_and_the_others_are_read(tmp_path):
    lines = [
        files.ptp_line(first="20200101", last="20191231"),
        files.ptp_line(column2="2987"),
        files.ptp_line(indicator="x"),
        files.ptp_line(first="20201301"),
        "29881\t29877\n",
        files.ptp_line(),
    ]
    found, file = rows(files.ptp(tmp_path / "a.txt", lines), GuidelineKind.NCCI_PTP)
    assert len(found) == 2  # a workbook drops leading zeros: 2987 is read as 02987
    reasons = dict(file.rejections.first)
    assert reasons == {
        7: "ends before it begins",
        9: "holds no number from 0 to 9 where one should stand",
        10: "holds a date that cannot be read",
        11: "has fewer columns than its titles",
    }


def test_all_parts_of_a_zip_of_pairs_are_read_and_text_before_workbooks(tmp_path):
    one = files.ptp(tmp_path / "f1.txt", [files.ptp_line()])
    two = files.ptp(tmp_path / "f2.txt", [files.ptp_line("99213", "36000")])
    titles = ["Column 1", "Column 2", "x", "Effective Date", "Deletion Date", "Modifier", "PTP Edit Rationale"]
    book = files.workbook(tmp_path / "f1.xlsx", [titles, ["29881", "29877", "", 20200101, "*", 1, "why"]])
    found, file = rows(files.zipped(tmp_path / "all.zip", book, one, two), GuidelineKind.NCCI_PTP)
    assert [row.column1 for row in found] == ["29881", "99213"]
    assert file.members == ("f1.txt", "f2.txt")
    assert len(rows(book, GuidelineKind.NCCI_PTP)[0]) == 1


def test_limits_say_their_setting_and_how_they_are_counted(tmp_path):
    path = files.mue(tmp_path / "mue.csv", {"99213": (1, "2 Date of Service Edit: Policy"), "J1100": (120, "3")})
    found, file = rows(path, GuidelineKind.NCCI_MUE)
    assert [(row.code, row.units, row.adjudication) for row in found] == [("99213", 1, 2), ("J1100", 120, 3)]
    assert file.setting is Setting.PRACTITIONER


def test_a_workbook_keeps_no_leading_zero_and_the_code_gets_it_back(tmp_path):
    titles = ["HCPCS/CPT Code", "DME Supplier Services MUE Values", "MUE Adjudication Indicator", "MUE Rationale"]
    path = files.workbook(tmp_path / "m.xlsx", [[files.LICENCE], titles, [100, 1, "1 Line Edit", "x"]])
    found, file = rows(path, GuidelineKind.NCCI_MUE)
    assert (found[0].code, file.setting) == ("00100", Setting.DME)


def test_add_on_codes_carry_their_own_days_by_day_number(tmp_path):
    titles = ["AOC", "AOC_EDIT_TYPE", "PRIMARY_CODE", "AOC_EDIT_EFF_DT", "AOC_EDIT_DEL_DT"]
    path = files.workbook(tmp_path / "AOC_V2024Q3.xlsx", [titles, ["11001", 1, "11000", 2013091, None]])
    found, _ = rows(path, GuidelineKind.ADDON)
    assert tuple(found[0]) == ("11001", "11000", 1, date(2013, 4, 1), None)


def test_an_order_file_says_which_codes_may_be_billed(tmp_path):
    path = files.order_file(tmp_path / "icd10cm_order_2026.txt", {"A00": False, "A000": True})
    found, file = rows(path, GuidelineKind.ICD10CM)
    assert [(row.code, row.billable) for row in found] == [("A00", False), ("A000", True)]
    assert file.coverage is Coverage.COMPLETE


def test_a_bare_list_of_codes_makes_their_beginnings_not_billable(tmp_path):
    path = tmp_path / "codes.txt"
    path.write_text("A000\nI10\nM1A0110\n")
    found, file = rows(path, GuidelineKind.ICD10CM)
    assert {row.code for row in found if not row.billable} == {"A00", "M1A", "M1A0", "M1A01", "M1A011"}
    assert {row.code for row in found if row.billable} == {"A000", "I10", "M1A0110"}
    assert file.coverage is Coverage.LISTED


def test_the_fixed_width_hcpcs_file_gives_codes_with_their_days(tmp_path):
    def line(code, record, title, first, last):
        return f"{code:<5}00100{record}{'x' * 80}{title:<28}".ljust(268) + f"{first}20240101{last:<8}N\n"

    path = tmp_path / "HCPC2024_JUL_ANWEB.txt"
    lines = [
        line("A4206", "3", "Syringe", "19860101", ""),
        line("A4206", "4", "", "19860101", ""),
        line("C1000", "3", "Gone", "20000401", "20001231"),
        line("AA", "7", "a modifier", "19820101", ""),
    ]
    path.write_text("".join(lines))
    assert rows(path, GuidelineKind.HCPCS)[0] == [
        CodeRow("A4206", True, date(1986, 1, 1), None, "Syringe"),
        CodeRow("C1000", True, date(2000, 4, 1), date(2000, 12, 31), "Gone"),
    ]


def test_fee_schedule_titles_in_several_lines_are_read_downwards(tmp_path):
    path = tmp_path / "PPRRVU24_JUL.csv"
    path.write_text(
        f"{files.LICENCE},,,,,,,,,,\n"
        ",,,STATUS,PCTC,GLOB,MULT,BILAT,ASST,CO-,TEAM\n"
        "HCPCS,MOD,DESCRIPTION,CODE,IND,DAYS,PROC,SURG,SURG,SURG,SURG\n"
        "29881,,words,A,0,090,2,1,1,0,0\n"
        "70010,26,words,A,1,XXX,0,0,0,0,0\n"
    )
    found, _ = rows(path, GuidelineKind.PFS)
    assert found[0]._asdict() == {
        "code": "29881",
        "modifier": "",
        "status": "A",
        "global_days": "090",
        "pctc": "0",
        "multiple": "2",
        "bilateral": "1",
        "assistant": "1",
        "co_surgeon": "0",
        "team": "0",
    }
    assert (found[1].modifier, found[1].global_days) == ("26", "XXX")


def test_a_wide_mapping_gives_one_category_a_model_and_skips_yes_and_no(tmp_path):
    path = tmp_path / "2026 Midyear Final ICD-10 Mappings.csv"
    path.write_text(
        "2026 Midyear Final Mappings,,,,\n"
        "Diagnosis Code,Description,CMS-HCC ESRD Model Category V24,CMS-HCC Model Category V28,"
        "CMS-HCC Model Category V28 for 2026 Payment Year\n"
        "E1010,words,18,37,Yes\n"
        "I10,words,,,No\n"
    )
    assert rows(path, GuidelineKind.HCC)[0] == [
        HccMappingRow("E1010", "CMS-HCC ESRD V24", "18"),
        HccMappingRow("E1010", "CMS-HCC V28", "37"),
    ]


def test_a_file_of_another_kind_is_refused_with_the_kind_that_it_is(tmp_path):
    path = files.mue(tmp_path / "mue.csv", {"99213": (1, "2")})
    with pytest.raises(BadInput, match=r"holds medically unlikely edits, not NCCI .* import it as ncci-mue"):
        rows(path, GuidelineKind.NCCI_PTP)


def test_a_file_of_no_known_kind_is_refused(tmp_path):
    path = tmp_path / "letter.txt"
    path.write_text("Dear reader,\nthis is no list.\n")
    with pytest.raises(BadInput, match="does not look like add-on codes"):
        rows(path, GuidelineKind.ADDON)


@pytest.mark.parametrize("share", [0.3, 0.9])
def test_a_zip_that_is_cut_off_is_refused(tmp_path, share):
    lines = [files.ptp_line(f"{number:05}", f"{number * 7 % 99999:05}") for number in range(9_000)]
    whole = files.zipped(tmp_path / "whole.zip", files.ptp(tmp_path / "a.txt", lines)).read_bytes()
    cut = tmp_path / "cut.zip"
    cut.write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(BadInput, match="not a whole zip file: download it again"):
        rows(cut, GuidelineKind.NCCI_PTP)


def test_a_zip_with_damage_inside_is_refused(tmp_path):
    lines = [files.ptp_line(f"{number:05}", f"{number * 7 % 99999:05}") for number in range(9_000)]
    path = files.zipped(tmp_path / "damaged.zip", files.ptp(tmp_path / "a.txt", lines))
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.write_bytes(content)
    with pytest.raises(BadInput, match="cut off or damaged"):
        rows(path, GuidelineKind.NCCI_PTP)


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "kind", "count"),
    [
        ("ncci_mue_practitioner_2024q3.csv", GuidelineKind.NCCI_MUE, 14_677),
        ("ncci_addon_codes_2024q3.csv", GuidelineKind.ADDON, 7_465),
        ("icd10cm_code_changes_fy2019_fy2026.csv", GuidelineKind.ICD10CM, 2_695),
        ("hcpcs_level2_2024_no_descriptions.csv", GuidelineKind.HCPCS, 8_033),
        ("pfs_rvu_indicators_2024.csv.gz", GuidelineKind.PFS, 18_664),
        ("hcc_dx_to_cc_2026_v24_v28.csv.gz", GuidelineKind.HCC, 18_671),
        ("carc_rarc_codes_2024_no_descriptions.csv", GuidelineKind.CARC, 405),
        ("carc_rarc_codes_2024_no_descriptions.csv", GuidelineKind.RARC, 1_171),
    ],
)
def test_every_line_of_the_public_files_is_read(shared_folder, name, kind, count):
    found, file = rows(shared_folder / "data" / "reference" / name, kind)
    assert (len(found), file.rejections.count) == (count, 0)
