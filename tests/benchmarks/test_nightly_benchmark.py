"""The benchmark of a nightly run does what it says it measures: new weeks are counted, and nothing twice."""

from datetime import timedelta
from pathlib import Path

import duckdb

from auditor.benchmarks import nightly, nightly_claims


def test_a_small_night_reads_every_stream_and_spends_less_when_nothing_is_new(tmp_path: Path) -> None:
    found = nightly.measure(tmp_path, lines=8_000, cases=500)
    assert (found.new_lines, found.all_lines) == (8_000, 104_000)
    assert found.streams == found.again.streams >= 200
    assert min(found.night.engine_seconds, found.counting.engine_seconds, found.night.own_seconds) > 0
    claims, codes = (
        duckdb.sql(
            f"SELECT count(*), count(DISTINCT claim_id) FROM '{tmp_path}/claims/{table}/*.parquet'"
        ).fetchall()[0]
        for table in ("claims", "codes")
    )
    assert (claims, codes) == ((20_800, 20_800), (104_000, 20_800))


def test_every_week_of_the_year_has_its_share_of_claims(tmp_path: Path) -> None:
    nightly_claims.write_weeks(tmp_path, weeks=(3, 5), lines=1_000, name="some")
    found = duckdb.sql(
        f"SELECT date_trunc('week', served_on), count(*) FROM '{tmp_path}/claims/*.parquet' GROUP BY 1 ORDER BY 1"
    ).fetchall()
    first = nightly_claims.FIRST_WEEK + timedelta(weeks=3)
    assert [(week.date() if hasattr(week, "date") else week, count) for week, count in found] == [
        (first, 200),
        (first + timedelta(weeks=1), 200),
    ]
