"""The mapping of a claims database: from TOML to what each canonical table is made of. Knows no engine.

    [claims]
    table = "billing.claims"            # or sql = "SELECT ...", or [claims.sql] with one text a dialect
    [claims.columns]                    # canonical name = SQL expression, only where names differ
    paid_cents = "{cents(paid_amount)}"

    [codes.wide]                        # columns that are numbered become rows; {n} counts from 1
    table = "billing.claims"            # without table or sql: those of [codes]
    count = 25                          # without it: as many as the table has
    [codes.wide.columns]                # stage, code_system and sequence are 'submitted', 'ICD-10-CM' and {n}
    code = "diagnosis_code_{n}"         # where nothing else is said; empty codes make no row

    [fragments]                         # {cents(x)} above stands for this text, {0} being x
    cents = "CAST(ROUND({0} * 100) AS BIGINT)"

    drafts_hold = ["CPT", "HCPCS"]      # the only code systems that AI drafts can hold; without it, any

`drafts_hold` stands at the top, before the first section.

A section may be a list of parts (`[[claims]]`) that are put one under the other; a part with
`needs = "carrier"` counts only where that table exists.
"""

import re
import tomllib
from collections.abc import Mapping as Dictionary
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from auditor import resources
from auditor.domain.codes import code_family
from auditor.errors import BadInput
from auditor.sources.columns import REQUIRED_SECTIONS, SECTIONS

PRESETS = ("canonical", "tuva", "synthea", "omop", "cms-rif")

_PART_KEYS = {"table", "sql", "columns", "needs", "wide", "count"}
_CALL = re.compile(r"\{(\w+)\(((?:[^{}]|\{n\})*)\)\}")

WIDE_COLUMNS = {
    "stage": {"default": "'submitted'"},
    "code_system": {"default": "'ICD-10-CM'"},
    "sequence": {"default": "{n}"},
}

Texts = Dictionary[str, str]  # SQL text by dialect name; "default" serves every other dialect


@dataclass(frozen=True, kw_only=True)
class Part:
    """One SELECT of a section: where it reads, how columns are named there, and how often it is unfolded."""

    place: str
    table: str | None = None
    sql: Texts | None = None
    columns: Dictionary[str, Texts] = field(default_factory=dict)
    needs: str | None = None
    wide: bool = False
    count: int | None = None
    lends: bool = False  # its table serves a wide part too, so it may turn out to have no code column itself


@dataclass(frozen=True, kw_only=True)
class Mapping:
    """What every canonical table of one claims database is made of; `place` names it in errors."""

    place: str
    sections: Dictionary[str, tuple[Part, ...]]
    fragments: Dictionary[str, Texts]
    drafts_hold: tuple[str, ...] = ()

    def written(self, texts: Texts, *, dialect: str, place: str) -> str:
        """The SQL for one dialect, every `{name(argument)}` in it replaced by its fragment."""
        text = _for_dialect(texts, dialect=dialect, place=place)

        def one(match: re.Match[str]) -> str:
            name, argument = match[1], match[2].strip()
            if name not in self.fragments:
                raise BadInput(f"{place} uses {{{name}(...)}}, and [fragments] has no {name!r}: define it there")
            where = f"{self.place} [fragments] {name}"
            fragment = _for_dialect(self.fragments[name], dialect=dialect, place=where)
            return fragment.replace("{0}", argument)

        for _ in range(4):  # a fragment may use fragments; four levels are plenty
            text, replaced = _CALL.subn(one, text)
            if not replaced:
                break
        return text


def preset(name: str) -> str:
    """The TOML text of a shipped preset."""
    if name not in PRESETS:
        raise BadInput(f"there is no preset {name!r}: take one of {', '.join(PRESETS)}")
    return (resources.folder("config") / "sources" / f"{name}.toml").read_text(encoding="utf-8")


def load_mapping(text: str, *, place: str) -> Mapping:
    """Read a mapping from its TOML text; whatever is wrong with it is named with `place` and section."""
    try:
        given = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadInput(f"{place} is not valid TOML: {error}") from error
    _only({*SECTIONS, "fragments", "drafts_hold"}, given, f"{place}")
    for name in REQUIRED_SECTIONS:
        if name not in given:
            raise BadInput(f"{place} has no section [{name}]: say which table or SELECT holds the {name}")
    sections = {name: _section(given[name], name, place) for name in SECTIONS if name in given}
    fragments = given.get("fragments", {})
    return Mapping(
        place=place,
        sections=MappingProxyType(sections),
        fragments={key: _texts(value, f"{place} [fragments] {key}") for key, value in _table(fragments, place)},
        drafts_hold=_families(given.get("drafts_hold", []), f"{place} drafts_hold"),
    )


def _families(value: object, where: str) -> tuple[str, ...]:
    """The code families of a list of code systems."""
    if not isinstance(value, list):
        raise BadInput(f'{where} should be a list of code systems, such as ["CPT", "HCPCS"]')
    return tuple(sorted({code_family(_text(system, where)) for system in value}))


def _section(given: object, name: str, place: str) -> tuple[Part, ...]:
    entries = given if isinstance(given, list) else [given]
    parts: list[Part] = []
    for number, entry in enumerate(entries, start=1):
        where = f"{place} [{name}]" + (f" part {number}" if len(entries) > 1 else "")
        parts += _parts(dict(_table(entry, where)), name, where)
    if not parts:
        raise BadInput(f"{place} [{name}] is empty: give table or sql")
    return tuple(parts)


def _parts(entry: dict[str, object], name: str, where: str) -> list[Part]:
    """The part itself, then its wide ones; a part made of wide columns only has no table of its own."""
    wide = entry.pop("wide", [])
    extras = wide if isinstance(wide, list) else [wide]
    own = _part(entry, name, where)
    parts = [] if own.table is None and own.sql is None else [replace(own, lends=bool(extras))]
    for extra in extras:
        parts.append(_wide(dict(_table(extra, f"{where}.wide")), entry, where))
    if not parts:
        raise BadInput(f"{where} names neither table nor sql: give one of them")
    return parts


def _wide(given: dict[str, object], entry: dict[str, object], where: str) -> Part:
    keys = ("needs",) if {"table", "sql"} & set(given) else ("needs", "table", "sql")
    inherited = {key: entry[key] for key in keys if key in entry}
    part = _part({**inherited, **given}, "codes", f"{where}.wide")
    if part.table is None and part.sql is None:
        raise BadInput(f"{where}.wide names neither table nor sql: give one of them")
    if "code" not in part.columns:
        raise BadInput(f'{where}.wide.columns has no code: say code = "diagnosis_code_{{n}}" or the like')
    return replace(part, wide=True, columns={**WIDE_COLUMNS, **part.columns})


def _part(entry: dict[str, object], name: str, where: str) -> Part:
    _only(_PART_KEYS, entry, where)
    table, sql, needs, count = (entry.get(key) for key in ("table", "sql", "needs", "count"))
    if table is not None and sql is not None:
        raise BadInput(f"{where} gives both table and sql: keep one of them")
    if count is not None and (not isinstance(count, int) or not 1 <= count <= 999):
        raise BadInput(f"{where} count should be a number from 1 to 999")
    columns = dict(_table(entry.get("columns", {}), f"{where}.columns"))
    _only({column.name for column in SECTIONS[name]}, columns, f"{where}.columns")
    return Part(
        place=where,
        table=None if table is None else _text(table, f"{where} table"),
        sql=None if sql is None else _texts(sql, f"{where} sql"),
        columns={key: _texts(value, f"{where}.columns {key}") for key, value in columns.items()},
        needs=None if needs is None else _text(needs, f"{where} needs"),
        count=count,
    )


def _only(allowed: set[str], given: Dictionary[str, object], where: str) -> None:
    for key in given:
        if key not in allowed:
            raise BadInput(f"{where} does not know {key!r}: it may hold {', '.join(sorted(allowed))}")


def _table(value: object, where: str) -> list[tuple[str, object]]:
    if not isinstance(value, dict):
        raise BadInput(f"{where} should be a table of keys and values")
    return list(value.items())


def _text(value: object, where: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise BadInput(f"{where} should be a text that is not empty")
    return value.strip()


def _texts(value: object, where: str) -> Texts:
    if isinstance(value, dict):
        return {str(key): _text(text, f"{where}.{key}") for key, text in value.items()}
    return {"default": _text(value, where)}


def _for_dialect(texts: Texts, *, dialect: str, place: str) -> str:
    chosen = texts.get(dialect, texts.get("default"))
    if chosen is None:
        raise BadInput(f"{place} has no SQL for {dialect}: add {dialect} = ... or default = ...")
    return chosen
