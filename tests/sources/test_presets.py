import csv
import shutil
from datetime import date

import pytest

from auditor.domain.claims import CodingSource, Stage
from auditor.errors import BadInput
from auditor.sources.mapping import PRESETS, load_mapping, preset
from auditor.sources.population import Population
from tests.claims_tables import in_csv, in_duckdb, in_postgresql, in_sqlite, opened

FILES = ("carrier", "inpatient", "outpatient", "snf")
EVER = Population(first_on=date(1900, 1, 1), last_on=date(2099, 12, 31), stratify=("claim_type",))


@pytest.fixture(params=["sqlite", "duckdb", "csv", "postgresql"])
def put(request, tmp_path, postgres_url):
    return {
        "sqlite": lambda tables: in_sqlite(tmp_path / "c.sqlite", tables, ids=None),
        "duckdb": lambda tables: in_duckdb(tmp_path / "c.duckdb", tables),
        "csv": lambda tables: in_csv(tmp_path / "folder", tables, delimiter="|"),
        "postgresql": lambda tables: in_postgresql(postgres_url, tables),
    }[request.param]


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_is_a_mapping(name):
    assert {"claims", "codes"} <= set(load_mapping(preset(name), place=name).sections)


def test_an_unknown_preset_is_refused_with_those_there_are():
    with pytest.raises(BadInput, match="canonical, tuva, synthea, omop, cms-rif"):
        preset("epic")


def rif_line(number=1, **fields):
    """One line of a carrier file with every column that the preset reads."""
    diagnoses = {f"ICD_DGNS_CD{n}": "" for n in range(1, 13)} | {f"ICD_DGNS_VRSN_CD{n}": "0" for n in range(1, 13)}
    given = {
        "BENE_ID": "-1",
        "CLM_ID": "-100",
        "FINAL_ACTION": "F",
        "CLM_FROM_DT": "20-Jan-2015",
        "NCH_WKLY_PROC_DT": "30-Jan-2015",
        "CARR_CLM_PMT_DNL_CD": "1",
        "CLM_PMT_AMT": "19.99",
        "NCH_CARR_CLM_SBMTD_CHRG_AMT": "1117.03",
        "NCH_CARR_CLM_ALOWD_AMT": "1117.03",
        "LINE_NUM": str(number),
        "PRF_PHYSN_NPI": "9999",
        "PRVDR_SPCLTY": "01",
        "LINE_SRVC_CNT": "1",
        "LINE_PLACE_OF_SRVC_CD": "11",
        "LINE_1ST_EXPNS_DT": "20-Jan-2015",
        "HCPCS_CD": "G0444",
        "HCPCS_1ST_MDFR_CD": "25",
        "HCPCS_2ND_MDFR_CD": "",
        "LINE_NCH_PMT_AMT": "8.29",
        "LINE_SBMTD_CHRG_AMT": "10",
        "LINE_ALOWD_CHRG_AMT": "10.00",
        "LINE_ICD_DGNS_CD": "I4891",
    }
    return given | diagnoses | {"ICD_DGNS_CD1": "I4891", "ICD_DGNS_CD3": "E669"} | fields


def test_rif_lines_become_claims_with_cents_dates_diagnoses_and_final_action_only(put):
    lines = [rif_line(1), rif_line(2, HCPCS_CD="99213"), rif_line(1, CLM_ID="-101", FINAL_ACTION="N")]
    with opened(put({"carrier": lines}), preset("cms-rif")) as source:
        assert (source.check().claims, source.check().problems) == (1, ())
        (claim,) = source.claims(["-100", "-101"])
    assert (claim.coding_source, claim.served_on) == (CodingSource.HUMAN, date(2015, 1, 20))
    assert (claim.paid_cents, claim.charge_cents, claim.place_of_service) == (1999, 111703, "11")
    submitted = claim.stage(Stage.SUBMITTED)
    assert [(code.sequence, code.code) for code in submitted] == [
        (1, "I4891"),
        (3, "E669"),
        (101, "G0444"),
        (102, "99213"),
    ]
    assert (submitted[2].modifiers, submitted[2].paid_cents, submitted[2].line_number) == (("25",), 829, 1)


@pytest.mark.shared
def test_the_real_rif_files_give_the_same_sample_as_csv_and_in_postgresql(shared_folder, tmp_path, postgres_url):
    tables = {}
    for name in FILES:
        file = shared_folder / "data" / "cms_bfd_rif_synthea" / f"{name}.csv"
        shutil.copy(file, tmp_path)
        tables[name] = list(csv.DictReader(file.read_text().splitlines(), delimiter="|"))
    sizes = {"professional": 12, "inpatient": 5, "outpatient": 6, "skilled nursing": 1}
    found = []
    for url in (f"duckdb-folder:///{tmp_path}", in_postgresql(postgres_url, tables)):
        with opened(url, preset("cms-rif")) as source:
            drawn = source.draw(EVER, seed="rif", sizes=sizes)
            claims = source.claims([one.claim_id for one in drawn])
            found.append((source.check(), source.frame(EVER, seed="rif").sha256, drawn, claims))
    assert found[0] == found[1]
    assert (found[0][0].claims, found[0][0].problems, len(found[0][2])) == (73, (), 24)


def test_tuva_lines_become_claims_with_the_coder_that_the_users_table_names(put):
    line = {
        "claim_id": "T1",
        "claim_line_number": 1,
        "claim_type": "professional",
        "person_id": "P1",
        "payer": "Aetna",
        "claim_start_date": date(2025, 2, 3),
        "claim_line_start_date": date(2025, 2, 3),
        "place_of_service_code": "11",
        "hcpcs_code": "99214",
        **{f"hcpcs_modifier_{n}": "25" if n == 1 else None for n in range(1, 6)},
        "service_unit_quantity": 1,
        "rendering_npi": "123",
        "paid_amount": 80.10,
        "allowed_amount": 100.0,
        "charge_amount": 150.0,
        **{f"diagnosis_code_{n}": {1: "I10", 2: "E119"}.get(n) for n in range(1, 26)},
        **{f"diagnosis_poa_{n}": "Y" if n == 1 else None for n in range(1, 26)},
        "drg_code": None,
    }
    coding = {"claim_id": "T1", "coding_source": "ai", "coder": None, "model_version": "3.1", "confidence": 0.5}
    lines = [
        line,
        line | {"claim_line_number": 2, "hcpcs_code": "93000"},
        line | {"claim_id": "T2", "drg_code": "375"},
    ]
    with opened(put({"medical_claim": lines, "claim_coding": [coding]}), preset("tuva")) as source:
        first, second = source.strata(EVER).strata, source.strata(EVER).exclusions
        (claim,) = source.claims(["T1"])
    assert [(one.name, one.claims, one.paid_cents) for one in first] == [("professional", 1, 16_020)]
    assert [(one.reason, one.claims) for one in second] == [("without a known coding source", 1)]
    assert (claim.model_version, claim.patient_id, claim.ai_confidence) == ("3.1", "P1", 0.5)
    assert [code.code for code in claim.codes] == ["I10", "E119", "99214", "93000"]
    assert (claim.codes[0].poa, claim.codes[2].modifiers, claim.codes[2].paid_cents) == ("Y", ("25",), 8_010)


def test_synthea_transactions_become_charged_lines_and_what_insurers_paid(put):
    claim = {
        "Id": "S1",
        "PATIENTID": "P1",
        "PROVIDERID": "D1",
        "PRIMARYPATIENTINSURANCEID": "I1",
        **{f"DIAGNOSIS{n}": "44054006" if n == 1 else None for n in range(1, 9)},
        "APPOINTMENTID": "E1",
        "SERVICEDATE": "2024-05-06T07:08:09Z",
        "STATUS1": "CLOSED",
        "LASTBILLEDDATE1": "2024-05-07T07:08:09Z",
        "HEALTHCARECLAIMTYPEID1": "1",
    }
    charge = {
        "ID": "X1",
        "CLAIMID": "S1",
        "CHARGEID": "1",
        "TYPE": "CHARGE",
        "AMOUNT": "136.80",
        "METHOD": None,
        "FROMDATE": "2024-05-06T07:08:09Z",
        "PROCEDURECODE": "430193006",
        "MODIFIER1": None,
        "MODIFIER2": None,
        "DIAGNOSISREF1": "1",
        "UNITS": "1",
        "PAYMENTS": None,
        "PROVIDERID": "D1",
    }
    payment = charge | {"ID": "X2", "TYPE": "PAYMENT", "AMOUNT": None, "METHOD": "ECHECK", "PAYMENTS": "109.44"}
    copay = payment | {"ID": "X3", "METHOD": "COPAY", "PAYMENTS": "27.36"}
    patient = {"Id": "P1", "BIRTHDATE": "1960-05-07", "GENDER": "F"}
    tables = {"claims": [claim], "claims_transactions": [charge, payment, copay], "patients": [patient]}
    with opened(put(tables), preset("synthea")) as source:
        assert source.check().problems == ()
        (found,) = source.claims(["S1"])
    assert (found.served_on, found.patient_age, found.patient_sex) == (date(2024, 5, 6), 63, "F")
    assert (found.charge_cents, found.paid_cents, found.submitted_on) == (13_680, 10_944, date(2024, 5, 7))
    assert [(code.code, code.sequence) for code in found.codes] == [("44054006", 1), ("430193006", 101)]


def test_omop_visits_become_claims_with_costs_of_the_visit_and_its_procedures(put):
    visit = {
        "visit_occurrence_id": 7,
        "person_id": 1,
        "visit_concept_id": 9202,
        "visit_start_date": date(2025, 3, 1),
        "visit_end_date": date(2025, 3, 1),
        "provider_id": 5,
        "care_site_id": 6,
    }
    procedure = {
        "procedure_occurrence_id": 70,
        "visit_occurrence_id": 7,
        "procedure_source_value": "99213",
        "procedure_source_concept_id": 900,
        "modifier_source_value": "25",
        "quantity": 1,
        "procedure_date": date(2025, 3, 1),
        "provider_id": 5,
    }
    condition = {
        "condition_occurrence_id": 71,
        "visit_occurrence_id": 7,
        "condition_source_value": "I10",
        "condition_source_concept_id": 901,
    }
    cost = {
        "cost_event_id": 70,
        "cost_domain_id": "Procedure",
        "total_charge": 150.0,
        "amount_allowed": 90.5,
        "total_paid": 80.0,
    }
    tables = {
        "visit_occurrence": [visit],
        "person": [{"person_id": 1, "gender_source_value": "F", "year_of_birth": 1960}],
        "procedure_occurrence": [procedure],
        "condition_occurrence": [condition],
        "concept": [
            {"concept_id": 900, "vocabulary_id": "CPT4"},
            {"concept_id": 901, "vocabulary_id": "ICD10CM"},
        ],
        "cost": [cost, cost | {"cost_event_id": 7, "cost_domain_id": "Visit", "total_paid": 1.25}],
        "claim_coding": [
            {
                "visit_occurrence_id": 7,
                "coding_source": "ai_assisted",
                "coder": "jo",
                "model_version": "2",
                "confidence": 0.9,
            }
        ],
    }
    with opened(put(tables), preset("omop")) as source:
        assert source.check().problems == ()
        (claim,) = source.claims(["7"])
    assert (claim.coding_source, claim.patient_age, claim.paid_cents) == (CodingSource.AI_ASSISTED, 65, 8_125)
    assert [(code.code_system, code.code) for code in claim.codes] == [("ICD-10-CM", "I10"), ("CPT", "99213")]
