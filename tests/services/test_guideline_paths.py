"""Two independent paths, one answer: rules in memory, and the same rules asked in the claims' own engine."""

import random
from collections import Counter
from datetime import date, timedelta

import pytest

from auditor.domain.claims import Stage
from auditor.guidelines.judging import Reading, judge
from auditor.guidelines.registry import built_in
from auditor.guidelines.tables import GuidelineKind, Setting
from auditor.services.guidelines import checking, importing
from auditor.services.guidelines.importing import ImportRequest
from auditor.sources.coded_lines import LinesWanted
from auditor.sources.mapping import preset
from auditor.sources.population import Population
from tests import claims_tables, make
from tests import guideline_files as files

PUSHED_DOWN = {"ncci_ptp", "mue", "addon_without_primary", "code_validity"}
ALL_TIME = LinesWanted(first_on=date(2010, 1, 1), last_on=date(2030, 12, 31), stage=Stage.SUBMITTED)
PROCEDURES = ("29881", "29877", "99213", "99292", "11001", "11000", "36000", "J1100", "A4206", "C1000", "0001U")
DIAGNOSES = ("A00", "A000", "I10", "E119", "QQQ")
FEE_TITLES = "HCPCS,MOD,STATUS CODE,PCTC IND,GLOB DAYS,MULT PROC,BILAT SURG,ASST SURG,CO-SURG,TEAM SURG\n"
CLAIM_TYPES = (None, "professional", "outpatient", "inpatient", "house call")


def write_lists(folder):
    """Small editions of every list that the pushed-down rules look into."""
    pairs = [
        files.ptp_line("29881", "29877", indicator="0"),
        files.ptp_line("29881", "36000", "20250401"),
        files.ptp_line("99213", "36000", "20200101", "20250630"),
        files.ptp_line("11000", "29877", "20200101", "20200101", "9"),
        files.ptp_line("36000", "J1100", indicator="0"),
    ]
    yield GuidelineKind.NCCI_PTP, files.ptp(folder / "2025q1.txt", pairs), {}
    outpatient = files.ptp(folder / "outpatient-2025q1.txt", pairs[:2])
    yield GuidelineKind.NCCI_PTP, outpatient, {"setting": Setting.OUTPATIENT}
    limits = {"29881": (1, "1 Line Edit"), "99213": (1, "2"), "J1100": (3, "3"), "36000": (0, "3")}
    yield GuidelineKind.NCCI_MUE, files.mue(folder / "mue-2025q1.csv", limits), {}
    titles = ["Add-on Code", "Edit Type", "Primary Code"]
    addons = [["11001", 1, "11000"], ["99292", 1, "99291"], ["36000", 2, "CCCCC"]]
    yield GuidelineKind.ADDON, files.workbook(folder / "2025q1.xlsx", [titles, *addons]), {}
    codes = {"A00": False, "A000": True, "I10": True}
    yield GuidelineKind.ICD10CM, files.order_file(folder / "icd10cm_order_2025.txt", codes), {}
    hcpcs = folder / "hcpcs-2025.csv"
    hcpcs.write_text(
        "HCPC,SHORT DESCRIPTION,ADD DT,TERM DT\nA4206,x,19860101,\nC1000,x,20000401,20250228\nJ1100,x,20250301,\n"
    )
    yield GuidelineKind.HCPCS, hcpcs, {}
    for year, known in (("24", "29881,29877,99213"), ("25", "29881,36000,99292")):
        fees = folder / f"PPRRVU{year}_JAN.csv"
        rows = "".join(f"{code},,A,0,000,0,0,0,0,0\n" for code in known.split(","))
        fees.write_text(
            "HCPCS,MOD,STATUS CODE,PCTC IND,GLOB DAYS,MULT PROC,BILAT SURG,ASST SURG,CO-SURG,TEAM SURG\n" + rows
        )
        yield GuidelineKind.PFS, fees, {}


@pytest.fixture
def with_lists(sqlite, tmp_path):
    folder = tmp_path / "lists"
    folder.mkdir()
    for kind, path, given in write_lists(folder):
        importing.import_file(sqlite, ImportRequest(kind=kind, path=path, **given), by="olga", at=make.NOON)
    return sqlite


def busy_days(seed, size=400):
    """Claims on few days of few patients, so that most days have several lines; seeded."""
    draw = random.Random(seed)
    claims, codes = [], []
    for number in range(size):
        served_on = date(2024, 12, 1) + timedelta(days=draw.randrange(0, 330, 30))
        kind = draw.choices(CLAIM_TYPES, [2, 4, 2, 1, 1])[0]
        claims.append(
            claims_tables.claim_row(
                number,
                served_on=served_on,
                discharged_on=draw.choice([None, served_on + timedelta(days=2)]) if kind == "inpatient" else None,
                patient_id=draw.choice(["P1", "P2", "P3", "P4", None]),
                provider=draw.choice(["D1", "D2", None]),
                facility=draw.choice(["F1", None]),
                claim_type=kind,
            )
        )
        for line in range(1, draw.randrange(1, 6)):
            codes.append(
                claims_tables.code_row(
                    claims[-1]["claim_id"],
                    draw.choice(PROCEDURES),
                    sequence=line,
                    line_number=line,
                    modifiers=draw.choice([None, None, "59", "51", "LT,51", "xs"]),
                    units=draw.choice([1, 1, 1, 2, 4, None]),
                    served_on=draw.choice([None, served_on, served_on + timedelta(days=1)]),
                    provider=draw.choice([None, "D1", "D3"]),
                )
            )
        system = draw.choice(["ICD-10-CM", "ICD-10-CM", "SNOMED"])
        codes.append(
            claims_tables.code_row(claims[-1]["claim_id"], draw.choice(DIAGNOSES), sequence=9, code_system=system)
        )
    return {"claims": claims, "codes": codes}


def pushed_down(database, source, wanted=ALL_TIME):
    asked = source.guidelines(wanted)
    usage, _ = asked.usage()
    tables, pairs = checking.narrowed(database, usage, {}), checking.pairs_in_use(database, usage)
    breaches = asked.breaches(usage, tables, pairs)
    found = Counter((b.rule, b.claim_id, tuple(sorted(b.codes)), b.edition) for b in breaches)
    return found, {(rule, reason): n for rule, reasons in asked.not_judged.items() for reason, n in reasons.items()}


def in_memory(database, source, claim_ids):
    usage = source.guidelines(ALL_TIME).codes()
    tables = checking.narrowed(database, usage, None)
    rules = [rule for rule in built_in() if rule.card.name in PUSHED_DOWN]
    judged = judge(source.claims(claim_ids), tables, rules=rules, reading=Reading(stage=Stage.SUBMITTED))
    found = Counter(
        (each.rule, each.claim_id, tuple(sorted(set(each.labels))), each.edition) for each in judged.violations
    )
    gaps = Counter((one.rule, one.reason.value) for one in judged.not_judged)
    return found, dict(gaps)


@pytest.mark.parametrize("engine", ["sqlite", "duckdb", "parquet", "postgresql"])
def test_both_paths_find_the_same_violations_and_the_same_gaps(with_lists, engine, tmp_path, request):
    tables = busy_days(seed=11)
    if engine == "postgresql":
        url = claims_tables.in_postgresql(request.getfixturevalue("postgres_url"), tables)
    else:
        url = getattr(claims_tables, f"in_{engine}")(tmp_path / "claims", tables)
    with claims_tables.opened(url) as source:
        found = pushed_down(with_lists, source)
        expected = in_memory(with_lists, source, [claim["claim_id"] for claim in tables["claims"]])
    assert {rule for rule, _, _, _ in expected[0]} == PUSHED_DOWN
    assert found[0] - expected[0] == Counter()
    assert expected[0] - found[0] == Counter()
    assert found[1] == expected[1]


@pytest.mark.parametrize("seed", range(6))
def test_both_paths_agree_whatever_the_claims(with_lists, seed, tmp_path):
    tables = busy_days(seed=seed, size=60)
    with claims_tables.opened(claims_tables.in_sqlite(tmp_path / "claims.sqlite", tables)) as source:
        found = pushed_down(with_lists, source)
        assert found == in_memory(with_lists, source, [claim["claim_id"] for claim in tables["claims"]])


def test_weeks_judged_one_after_another_find_what_the_whole_period_finds(with_lists, tmp_path):
    tables = busy_days(seed=5)
    with claims_tables.opened(claims_tables.in_duckdb(tmp_path / "claims.duckdb", tables)) as source:
        whole, _ = pushed_down(with_lists, source)
        weeks = Counter()
        for number in range(50):
            first_on = date(2024, 11, 25) + timedelta(days=7 * number)
            week = LinesWanted(first_on=first_on, last_on=first_on + timedelta(days=6), stage=Stage.SUBMITTED)
            weeks += pushed_down(with_lists, source, week)[0]
    assert weeks == whole


@pytest.mark.shared
def test_both_paths_agree_on_the_public_medicare_samples(sqlite, shared_folder):
    folder = shared_folder / "data" / "reference"
    lists = [
        (GuidelineKind.NCCI_PTP, "ncci_ptp_practitioner_2024q3_grouped.tsv.gz"),
        (GuidelineKind.NCCI_MUE, "ncci_mue_practitioner_2024q3.csv"),
        (GuidelineKind.NCCI_MUE, "ncci_mue_outpatient_2024q3.csv"),
        (GuidelineKind.ADDON, "ncci_addon_codes_2024q3.csv"),
        (GuidelineKind.ICD10CM, "icd10cm_code_changes_fy2019_fy2026.csv"),
        (GuidelineKind.HCPCS, "hcpcs_level2_2024_no_descriptions.csv"),
        (GuidelineKind.PFS, "pfs_rvu_indicators_2024.csv.gz"),
    ]
    for kind, name in lists:
        request = ImportRequest(kind=kind, path=folder / name, first_on=date(2010, 1, 1))
        importing.import_file(sqlite, request, by="olga", at=make.NOON)
    url = f"duckdb-folder:///{shared_folder / 'data' / 'cms_bfd_rif_synthea'}"
    with claims_tables.opened(url, preset("cms-rif")) as source:
        found = pushed_down(sqlite, source)
        drawn = source.draw(
            Population(first_on=ALL_TIME.first_on, last_on=ALL_TIME.last_on), seed="rif", sizes={"all": 10_000}
        )
        expected = in_memory(sqlite, source, [one.claim_id for one in drawn])
    assert found == expected
    assert found[0]
