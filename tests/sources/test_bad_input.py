from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url
from sqlalchemy.exc import DBAPIError

from auditor.errors import AuditorError, BadInput, Conflict, Unavailable
from auditor.sources.mapping import load_mapping
from auditor.sources.population import Population
from tests.claims_tables import (
    FIRST_ON,
    LAST_ON,
    claim_row,
    code_row,
    in_csv,
    in_parquet,
    in_postgresql,
    in_sqlite,
    opened,
)

YEAR = Population(first_on=FIRST_ON, last_on=LAST_ON)
SMALL = {"claims": [claim_row(1), claim_row(2)], "codes": [code_row()]}
BOTH = '[claims]\ntable = "claims"\n[codes]\ntable = "codes"\n'


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[claims", "map.toml is not valid TOML"),
        ('[claims]\ntable = "claims"', r"map.toml has no section \[codes\]"),
        (BOTH + "[claim]\n", "map.toml does not know 'claim'"),
        (BOTH + "[claims.columns]\npayor = 'x'\n", r"map.toml \[claims\].columns does not know 'payor'"),
        ('[claims]\n[codes]\ntable = "codes"', r"map.toml \[claims\] names neither table nor sql"),
        ('[claims]\ntable = "a"\nsql = "b"\n[codes]\ntable = "codes"', r"\[claims\] gives both table and sql"),
        ('[claims]\ntable = ""\n[codes]\ntable = "codes"', r"\[claims\] table should be a text"),
        (BOTH + "[codes.wide]\ncount = 2\n", r"\[codes\].wide.columns has no code"),
    ],
)
def test_a_mapping_that_is_wrong_says_where(text, sentence):
    with pytest.raises(BadInput, match=sentence):
        load_mapping(text, place="map.toml")


@pytest.mark.parametrize(
    ("mapping", "sentences"),
    [
        (BOTH.replace('"claims"', '"claim"'), ["[claims]", "no table claim", "nearest: claims"]),
        (
            BOTH + '[claims.columns]\npaid_cents = "paid_cent"',
            ["[claims].columns paid_cents", "table claims", "paid_cents"],
        ),
        (
            BOTH + '[claims.columns]\npayer = "upper(payor)"',
            ["[claims].columns payer", "no column payor", "nearest: payer"],
        ),
        (BOTH + "[claims.columns]\npayer = '\"payor\"'", ["[claims].columns payer", "no column payor"]),
        (
            '[claims]\nsql = "SELECT claim_id FROM claims"\n[codes]\ntable = "codes"',
            ["[claims]", "has no column coding_source"],
        ),
        ('[claims]\nsql = "SELEC 1"\n[codes]\ntable = "codes"', ["[claims] sql"]),
        (BOTH + '[claims.columns]\npayer = "{upper(payer)}"', ["[fragments] has no 'upper'"]),
        (
            BOTH + '[codes.wide]\ntable = "claims"\n[codes.wide.columns]\ncode = "diagnosis_{n}"',
            ["no column diagnosis_1"],
        ),
    ],
)
def test_a_mapping_that_names_what_is_not_there_says_what_is(url, mapping, sentences):
    with pytest.raises(BadInput) as refused:
        opened(url, mapping)
    for sentence in sentences:
        assert sentence in str(refused.value)


def test_a_table_in_another_schema_and_parts_that_need_one_are_found(postgres_url):
    in_postgresql(postgres_url, SMALL)
    mapping = BOTH.replace('"claims"', '"public.claims"') + '[[documents]]\ntable = "notes"\nneeds = "notes"\n'
    with opened(postgres_url, mapping) as source:
        assert source.check().claims == 2


def test_numbered_columns_are_unfolded_and_counted_by_themselves(tmp_path):
    claim = claim_row(1, dx_1="I10", dx_2=" ", dx_3="e11.9", dx_5="never")
    mapping = '[claims]\ntable = "claims"\n[codes]\ntable = "claims"\n[codes.wide.columns]\ncode = "dx_{n}"\n'
    with opened(in_sqlite(tmp_path / "c.sqlite", {"claims": [claim]}), mapping) as source:
        (found,) = source.claims(["C0000001"])
    assert [(code.sequence, code.code, code.code_system) for code in found.codes] == [
        (1, "I10", "ICD-10-CM"),
        (3, "e11.9", "ICD-10-CM"),
    ]


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("sqlite:///nowhere.sqlite", "there is no SQLite database"),
        ("duckdb:///nowhere.duckdb", "there is no DuckDB database"),
        ("duckdb-folder:///nowhere", "there is no folder"),
        ("nonsense", "URL cannot be read"),
        ("sqlite:///${CLAIMS_FILE}", "environment variable CLAIMS_FILE"),
        ("nosuchengine://host/db", "no driver for nosuchengine"),
        ("postgresql://user:s3cret@127.0.0.1:1/db", "postgresql://127.0.0.1:1/db cannot be opened"),
    ],
)
def test_a_source_that_cannot_be_opened_says_so_and_keeps_its_password(url, sentence):
    with pytest.raises(AuditorError, match=sentence) as refused:
        opened(url)
    assert "s3cret" not in str(refused.value)


def test_a_file_of_another_kind_is_said_to_be_no_sqlite_file(tmp_path):
    (tmp_path / "claims.csv").write_text("claim_id,coding_source\n" * 200)
    with pytest.raises(BadInput, match=r"claims\.csv is no SQLite file: name one, or the engine that wrote it"):
        opened(f"sqlite:///{tmp_path}/claims.csv")


def test_a_url_takes_values_of_the_environment_that_it_is_given(tmp_path):
    in_sqlite(tmp_path / "c.sqlite", SMALL)
    with opened("sqlite:///${FOLDER}/c.sqlite", FOLDER=str(tmp_path)) as source:
        assert source.check().claims == 2


def test_a_source_that_goes_down_in_mid_draw_is_unavailable(postgres_url, postgres_server):
    in_postgresql(postgres_url, SMALL)
    with opened(postgres_url) as source:
        source.frame(YEAR, seed="s")
        address = postgres_server.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(address, autocommit=True) as server:
            name = make_url(postgres_url).database
            server.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
        with pytest.raises(Unavailable, match="does not answer"):
            source.draw(YEAR, seed="s", sizes={"all": 1})


def test_frame_and_draw_see_one_state_of_a_database_that_others_write_to(postgres_url):
    in_postgresql(postgres_url, SMALL)
    address = make_url(postgres_url).set(drivername="postgresql").render_as_string(hide_password=False)
    with opened(postgres_url) as source:
        assert source.frame(YEAR, seed="s").claims == 2
        with psycopg.connect(address) as writer:
            writer.execute("DELETE FROM claims")
        assert len(source.draw(YEAR, seed="s", sizes={"all": 2})) == 2


def test_files_that_change_under_the_draw_are_refused(tmp_path):
    with opened(in_csv(tmp_path / "folder", SMALL)) as source:
        with (tmp_path / "folder" / "codes.csv").open("a") as file:
            file.write("\n")
        with pytest.raises(Conflict, match="changed while they were read"):
            source.frame(YEAR, seed="s")


def test_a_source_cannot_be_written_to(url):
    with opened(url) as source, pytest.raises(DBAPIError, match=r"(?i)read-?only|can only delete"):
        source._opened.connection.exec_driver_sql("DELETE FROM claims")


def test_a_folder_lets_a_condition_read_no_other_file(tmp_path):
    (tmp_path / "secret.csv").write_text("a\n1\n")
    url = in_parquet(tmp_path / "folder", SMALL)
    where = f"EXISTS (SELECT 1 FROM read_csv('{tmp_path}/secret.csv'))"
    with opened(url) as source, pytest.raises(AuditorError):
        source.strata(Population(first_on=FIRST_ON, last_on=LAST_ON, where=where))


def test_a_folder_of_parts_is_one_table_and_two_of_a_name_are_refused(tmp_path):
    in_csv(tmp_path / "folder", {"codes": SMALL["codes"]})
    parts = tmp_path / "folder" / "claims"
    in_csv(parts, {"first": [claim_row(1)], "second": [claim_row(2)]})
    with opened(f"duckdb-folder:///{tmp_path}/folder") as source:
        assert source.check().claims == 2
    in_csv(tmp_path / "folder", {"Claims": SMALL["claims"]})
    with pytest.raises(BadInput, match="two tables named"):
        opened(f"duckdb-folder:///{tmp_path}/folder")


def test_a_value_that_is_no_number_is_refused_without_showing_it(postgres_url):
    rows = [claim_row(1, patient_age="Jane Doe")]
    in_postgresql(postgres_url, {"claims": rows, "codes": [code_row()]})
    with opened(postgres_url) as source, pytest.raises(BadInput, match="cannot be read") as refused:
        source.claims(["C0000001"])
    assert "Jane" not in str(refused.value)


def test_the_mapping_of_the_documentation_is_a_mapping():
    page = (Path(__file__).parent.parent.parent / "docs" / "claims-databases.md").read_text()
    shown = page.split("```toml\n")[1].split("```")[0]
    assert [len(parts) for parts in load_mapping(shown, place="docs").sections.values()] == [1, 2]
