"""CodeTables straight from the public files beside the checkout, by a reader of its own: not the product's import."""

import csv
import gzip
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from auditor.guidelines.tables import (
    AddonPrimary,
    CodeState,
    CodeTables,
    CodeTerm,
    EditionSpell,
    FeeIndicators,
    GuidelineKind,
    MueLimit,
    PtpEdit,
    Setting,
)

ALWAYS = {"first_on": date.min, "last_on": date.max}
ON = date(2024, 8, 14)
PRACTITIONER = Setting.PRACTITIONER


def rows(folder: Path, name: str, delimiter: str = ",") -> Iterator[dict[str, str]]:
    """The rows of a public file."""
    content = (folder / "data" / "reference" / name).read_bytes()
    text = (gzip.decompress(content) if name.endswith(".gz") else content).decode("utf-8")
    yield from csv.DictReader(text.splitlines(), delimiter=delimiter)


def pair_groups(folder: Path, *, every: int = 1) -> Iterator[tuple[str, int, str, list[str]]]:
    """Column 1, indicator, deletion date and column 2 codes, of every so-manieth group."""
    for number, row in enumerate(rows(folder, "ncci_ptp_practitioner_2024q3_grouped.tsv.gz", "\t")):
        if number % every == 0:
            indicator = int(row["modifier_indicator"])
            yield row["column1"], indicator, row["deletion_date"], row["column2_codes"].split()


def limits(folder: Path, setting: Setting) -> list[MueLimit]:
    """Every MUE of a setting."""
    return [
        MueLimit(
            edition="ncci-mue 2024q3",
            code=row["hcpcs_code"],
            units=int(row["mue_units"]),
            adjudication=int(row["mue_mai"]),
            rationale=row["mue_rationale"],
            **ALWAYS,
        )
        for row in rows(folder, f"ncci_mue_{setting}_2024q3.csv")
    ]


def addons(folder: Path) -> dict[str, tuple[AddonPrimary, ...]]:
    """Every add-on with its primaries."""
    found: defaultdict[str, list[AddonPrimary]] = defaultdict(list)
    for row in rows(folder, "ncci_addon_codes_2024q3.csv"):
        code, primary, edit_type = row["add_on_code"], row["primary_code"], int(row["aoc_edit_type"])
        found[code].append(
            AddonPrimary(edition="addon 2024q3", code=code, primary=primary, edit_type=edit_type, **ALWAYS)
        )
    return {code: tuple(each) for code, each in found.items()}


def fees(folder: Path) -> dict[str, tuple[FeeIndicators, ...]]:
    """The fee schedule's indicators."""
    found: defaultdict[str, list[FeeIndicators]] = defaultdict(list)
    for row in rows(folder, "pfs_rvu_indicators_2024.csv.gz"):
        found[row["hcpcs_code"]].append(_fee(row))
    return {code: tuple(each) for code, each in found.items()}


def _fee(row: dict[str, str]) -> FeeIndicators:
    def whole(name: str) -> str:
        return row[name].partition(".")[0]

    return FeeIndicators(
        edition="pfs 2024",
        code=row["hcpcs_code"],
        modifier=row["mod"],
        status=row["status"],
        global_days=row["glob"],
        pctc=whole("pctc"),
        multiple=whole("mult_proc"),
        bilateral=whole("bilat_surg"),
        assistant=whole("asst_surg"),
        co_surgeon=whole("co_surg"),
        team=whole("team_surg"),
        **ALWAYS,
    )


def diagnosis_terms(folder: Path) -> dict[tuple[str, str], tuple[CodeTerm, ...]]:
    """ICD-10-CM codes that began or ended since FY2019."""
    found: dict[tuple[str, str], tuple[CodeTerm, ...]] = {}
    for row in rows(folder, "icd10cm_code_changes_fy2019_fy2026.csv"):
        first_on = date.fromisoformat(row["first_valid"]) if row["first_valid"] else date.min
        last_on = date.fromisoformat(row["last_valid"]) if row["last_valid"] else date.max
        spans = [(CodeState.VALID, first_on, last_on)]
        if first_on > date.min:
            spans.append((CodeState.NOT_YET, date.min, date.fromordinal(first_on.toordinal() - 1)))
        if last_on < date.max:
            spans.append((CodeState.ENDED, date.fromordinal(last_on.toordinal() + 1), date.max))
        found["ICD-10-CM", row["code"]] = tuple(
            CodeTerm(edition="icd10cm", code=row["code"], state=state, first_on=start, last_on=end)
            for state, start, end in spans
        )
    return found


def editions() -> tuple[EditionSpell, ...]:
    """An edition of every kind, always in force."""
    kinds = [(GuidelineKind.NCCI_PTP, PRACTITIONER), (GuidelineKind.NCCI_MUE, PRACTITIONER)]
    kinds += [(kind, None) for kind in (GuidelineKind.ADDON, GuidelineKind.PFS, GuidelineKind.ICD10CM)]
    return tuple(
        EditionSpell(edition=f"{kind} 2024q3", kind=kind, setting=setting, complete=False, **ALWAYS)
        for kind, setting in kinds
    )


def with_pairs(groups: list[tuple[str, int, str, list[str]]]) -> CodeTables:
    """Tables of these pairs; a deletion date ends a pair that day."""
    found: defaultdict[tuple[Setting, str, str], list[PtpEdit]] = defaultdict(list)
    for column1, indicator, deleted_on, columns2 in groups:
        last_on = date.fromisoformat(deleted_on) if deleted_on else date.max
        for column2 in columns2:
            edit = PtpEdit(
                edition="ncci-ptp 2024q3",
                column1=column1,
                column2=column2,
                modifier_indicator=indicator,
                rationale="",
                first_on=date.min,
                last_on=last_on,
            )
            found[PRACTITIONER, column1, column2].append(edit)
    return CodeTables(editions=editions(), ptp={key: tuple(each) for key, each in found.items()})
