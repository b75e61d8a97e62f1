"""From stored editions to `CodeTables`: narrowed to the codes at hand, each entry on the days on which it holds."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import TypeVar

from sqlalchemy.orm import Session

from auditor.guidelines.pair_lists import PairGroup, PairList
from auditor.guidelines.tables import (
    AddonPrimary,
    CodeTables,
    CodeTerm,
    FeeIndicators,
    GuidelineKind,
    HccCategory,
    MueLimit,
    PtpEdit,
    Setting,
)
from auditor.services.guidelines.code_rows import rows_of
from auditor.services.guidelines.code_terms import terms_of
from auditor.services.guidelines.editions import InForce, imported, in_force, label
from auditor.storage.guidelines import AddonPair, Edition, FeeScheduleRow, HccRow, ListedCode, MueValue, PtpGroup

Key = TypeVar("Key")
Value = TypeVar("Value")

_SYSTEMS = {
    GuidelineKind.ICD10CM: "ICD-10-CM",
    GuidelineKind.ICD10PCS: "ICD-10-PCS",
    GuidelineKind.HCPCS: "HCPCS",
}


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """The codes at hand. `partners` are the pairs that stand together; without it every pair among `procedures`."""

    procedures: frozenset[str] = frozenset()
    icd: Mapping[str, frozenset[str]] = field(default_factory=dict)
    partners: Mapping[Setting, Mapping[str, Collection[str]]] | None = None

    def beside(self, setting: Setting, code: str) -> Collection[str]:
        """The codes that may stand beside one."""
        if self.partners is None:
            return self.procedures
        return self.partners.get(setting, {}).get(code, ())


def tables(session: Session, wanted: Wanted, editions: Sequence[Edition]) -> CodeTables:
    """All tables of these editions for these codes."""
    asked = in_force(editions)
    return CodeTables(
        editions=tuple(spell for one in asked for spell in one.spells),
        ptp=_gathered(_pairs(session, _of(asked, GuidelineKind.NCCI_PTP), wanted)),
        mue=_gathered(_limits(session, _of(asked, GuidelineKind.NCCI_MUE), wanted)),
        addons=_gathered(_addons(session, _of(asked, GuidelineKind.ADDON), wanted)),
        terms=_gathered(_terms(session, _of(asked, *_SYSTEMS), wanted)),
        fees=_gathered(_fees(session, _of(asked, GuidelineKind.PFS), wanted)),
        hccs=_gathered(_hccs(session, _of(asked, GuidelineKind.HCC), wanted)),
    )


def pair_lists(session: Session, wanted: Wanted, *, first_on: date, last_on: date) -> list[PairList]:
    """The NCCI pairs among the codes at hand, an edition a list, for the days from first to last."""
    found = []
    for one in _of(in_force(imported(session)), GuidelineKind.NCCI_PTP):
        begins_on, ends_on = max(one.first_on, first_on), min(one.last_on, last_on)
        if begins_on <= ends_on:
            groups = _groups(session, one, wanted.procedures)
            if groups:
                setting, edition = one.edition.setting or Setting.PRACTITIONER, label(one.edition)
                found.append(
                    PairList(edition=edition, setting=setting, first_on=begins_on, last_on=ends_on, groups=groups)
                )
    return found


def _groups(session: Session, one: InForce, procedures: Collection[str]) -> dict[str, tuple[PairGroup, ...]]:
    found: dict[str, tuple[PairGroup, ...]] = {}
    for _, row in rows_of(session, PtpGroup, [one], procedures):
        first_on, last_on = _days(one, row.first_on, row.last_on)
        column2s = " ".join(code for code in row.column2s.split(" ") if code in procedures)
        if first_on <= last_on and column2s and row.column1 in procedures:
            group = PairGroup(
                column2s=column2s, first_on=first_on, last_on=last_on, modifier_indicator=row.modifier_indicator
            )
            found[row.column1] = (*found.get(row.column1, ()), group)
    return found


def _of(asked: Iterable[InForce], *kinds: GuidelineKind) -> list[InForce]:
    return [one for one in asked if one.edition.kind in kinds]


def _gathered(items: Iterable[tuple[Key, Value]]) -> dict[Key, tuple[Value, ...]]:
    found: dict[Key, tuple[Value, ...]] = {}
    for key, value in items:
        found[key] = (*found.get(key, ()), value)
    return found


def _days(one: InForce, first_on: date | None, last_on: date | None) -> tuple[date, date]:
    return max(one.first_on, first_on or date.min), min(one.last_on, last_on or date.max)


def _pairs(
    session: Session, asked: Sequence[InForce], wanted: Wanted
) -> Iterator[tuple[tuple[Setting, str, str], PtpEdit]]:
    for setting in Setting:
        of_setting = [one for one in asked if (one.edition.setting or Setting.PRACTITIONER) is setting]
        columns1 = wanted.procedures if wanted.partners is None else frozenset(wanted.partners.get(setting, {}))
        for one, row in rows_of(session, PtpGroup, of_setting, columns1):
            first_on, last_on = _days(one, row.first_on, row.last_on)
            beside = wanted.beside(setting, row.column1)
            for column2 in row.column2s.split(" ") if beside and first_on <= last_on else ():
                if column2 in beside:
                    edit = PtpEdit(
                        edition=label(one.edition),
                        first_on=first_on,
                        last_on=last_on,
                        column1=row.column1,
                        column2=column2,
                        modifier_indicator=row.modifier_indicator,
                        rationale=row.rationale,
                    )
                    yield (setting, row.column1, column2), edit


def _limits(
    session: Session, asked: Sequence[InForce], wanted: Wanted
) -> Iterator[tuple[tuple[Setting, str], MueLimit]]:
    for one, row in rows_of(session, MueValue, asked, wanted.procedures):
        limit = MueLimit(
            edition=label(one.edition),
            first_on=one.first_on,
            last_on=one.last_on,
            code=row.code,
            units=row.units,
            adjudication=row.adjudication,
            rationale=row.rationale,
        )
        yield (one.edition.setting or Setting.PRACTITIONER, row.code), limit


def _addons(session: Session, asked: Sequence[InForce], wanted: Wanted) -> Iterator[tuple[str, AddonPrimary]]:
    for one, row in rows_of(session, AddonPair, asked, wanted.procedures):
        first_on, last_on = _days(one, row.first_on, row.last_on)
        if first_on <= last_on:
            primary = AddonPrimary(
                edition=label(one.edition),
                first_on=first_on,
                last_on=last_on,
                code=row.code,
                primary=row.primary_code,
                edit_type=row.edit_type,
            )
            yield row.code, primary


def _terms(session: Session, asked: Sequence[InForce], wanted: Wanted) -> Iterator[tuple[tuple[str, str], CodeTerm]]:
    """Terms in order of precedence: of the list in force first, valid before ended, lists of changes last."""
    codes = {**wanted.icd, "HCPCS": wanted.procedures}
    every = frozenset[str]().union(*codes.values())
    for one, rows in groupby(rows_of(session, ListedCode, asked, every), key=lambda found: found[0]):
        system = _SYSTEMS[one.edition.kind]
        found = [each for _, row in rows if row.code in codes.get(system, ()) for each in terms_of(row, one)]
        for term in sorted(found, key=lambda each: each.state.value != "valid"):
            yield (system, term.code), term


def _fees(session: Session, asked: Sequence[InForce], wanted: Wanted) -> Iterator[tuple[str, FeeIndicators]]:
    names = ("modifier", "status", "global_days", "pctc", "multiple", "bilateral", "assistant", "co_surgeon", "team")
    for one, row in rows_of(session, FeeScheduleRow, asked, wanted.procedures):
        values: dict[str, str] = {name: getattr(row, name) for name in names}
        fee = FeeIndicators(
            edition=label(one.edition), first_on=one.first_on, last_on=one.last_on, code=row.code, **values
        )
        yield row.code, fee


def _hccs(session: Session, asked: Sequence[InForce], wanted: Wanted) -> Iterator[tuple[str, HccCategory]]:
    for one, row in rows_of(session, HccRow, asked, wanted.icd.get("ICD-10-CM", frozenset())):
        category = HccCategory(
            edition=label(one.edition),
            first_on=one.first_on,
            last_on=one.last_on,
            code=row.code,
            model=row.model,
            category=row.category,
        )
        yield row.code, category
