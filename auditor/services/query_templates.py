"""Templates of provider queries: those that are shipped, and the practice's own, in the same form."""

import tomllib
from pathlib import Path
from typing import Any

from auditor import resources
from auditor.domain.queries import QueryPurpose, QueryTemplate
from auditor.errors import BadInput, NotFound

_KEYS = frozenset({"title", "purpose", "question", "options"})


def templates(own_file: Path | None = None) -> dict[str, QueryTemplate]:
    """Every template by name; BadInput names what cannot be read in the practice's own file."""
    shipped = tomllib.loads((resources.folder("config") / "queries.toml").read_text(encoding="utf-8"))
    tables = {**shipped, **(_read(own_file) if own_file and own_file.is_file() else {})}
    return {name: _template(name, table, own_file) for name, table in tables.items()}


def named(name: str, own_file: Path | None = None) -> QueryTemplate:
    """One template."""
    known = templates(own_file)
    if name not in known:
        raise NotFound(f"there is no query template {name}: there are {', '.join(known)}")
    return known[name]


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise BadInput(f"the query templates in {path} cannot be read ({error}): mend the file") from error


def _template(name: str, table: Any, path: Path | None) -> QueryTemplate:
    place = f"the query template {name} in {path}"
    if not isinstance(table, dict) or set(table) != _KEYS:
        raise BadInput(f"{place} needs {', '.join(sorted(_KEYS))}, and nothing else")
    if table["purpose"] not in list(QueryPurpose):
        raise BadInput(f"{place} has the purpose {table['purpose']!r}: take one of {', '.join(QueryPurpose)}")
    if not (isinstance(table["options"], list) and all(isinstance(each, str) for each in table["options"])):
        raise BadInput(f"{place} needs its options as a list of texts")
    return QueryTemplate(
        name=name,
        title=str(table["title"]),
        purpose=QueryPurpose(table["purpose"]),
        question=str(table["question"]),
        options=tuple(table["options"]),
    )
