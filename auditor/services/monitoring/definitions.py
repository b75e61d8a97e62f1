"""Which monitors there are: those of config/monitors.toml, and those that people added, newest version first."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from auditor import resources
from auditor.domain.events import Event, EventKind
from auditor.domain.monitors import AUDITED_KINDS, MonitorDefinition, MonitorKind, Slice
from auditor.errors import BadInput, Conflict
from auditor.services.monitoring.option_checks import refusals
from auditor.storage import history
from auditor.storage.monitors import MonitorVersion


@dataclass(frozen=True, kw_only=True)
class WeekRules:
    """How many weeks make a baseline, at most and at least, how many quiet ones end an alarm, how many are read."""

    baseline: int
    least: int
    quiet: int
    history: int


@dataclass(frozen=True, kw_only=True)
class Definitions:
    """All monitors, and the weeks that they share."""

    weeks: WeekRules
    monitors: tuple[MonitorDefinition, ...]

    def watching(self, source: str) -> tuple[MonitorDefinition, ...]:
        """The monitors of a source: of one kind and slice, those made for it go before those for all."""
        own = [each for each in self.monitors if each.watches(source)]
        made_for_it = {(each.kind, each.by) for each in own if each.source is not None}
        return tuple(each for each in own if each.source is not None or (each.kind, each.by) not in made_for_it)

    def named(self, name: str) -> MonitorDefinition:
        """The monitor of that name; BadInput names those there are."""
        for each in self.monitors:
            if each.name == name:
                return each
        raise BadInput(f"there is no monitor {name}: take one of {', '.join(each.name for each in self.monitors)}")


def defaults() -> Definitions:
    """The monitors that watch every source without any set-up."""
    path = resources.folder("config") / "monitors.toml"
    given = tomllib.loads(path.read_text(encoding="utf-8"))
    monitors = tuple(_defined(entry) for entry in given["monitor"])
    return Definitions(weeks=WeekRules(**given["weeks"]), monitors=monitors)


def current(session: Session) -> Definitions:
    """The defaults, with what people added or replaced."""
    base = defaults()
    newest = select(func.max(MonitorVersion.id)).group_by(MonitorVersion.name)
    rows = session.scalars(select(MonitorVersion).where(MonitorVersion.id.in_(newest)).order_by(MonitorVersion.name))
    added = {row.name: _complete(_defined(row.definition), base) for row in rows}
    kept = [each for each in base.monitors if each.name not in added]
    return Definitions(weeks=base.weeks, monitors=(*kept, *added.values()))


def add(
    session: Session, definition: MonitorDefinition, *, by: str, at: datetime, seen: int | None = None
) -> MonitorDefinition:
    """Add a monitor, or a new version of one; what it does not say is taken from the default of its kind.

    Conflict when the newest version is not the one that was `seen` (0: none), or somebody adds one at this moment.
    """
    complete = _complete(definition, defaults())
    for name, refused in refusals(complete.options).items():
        raise BadInput(f"the option {name} {refused}")
    newest = _newest(session, complete.name)
    if seen is not None and seen != (newest.version if newest else 0):
        who = f"{newest.added_by} has made it version {newest.version}" if newest else "it is as it was shipped"
        raise Conflict(f"the monitor is not as you saw it, {who}: look at its options again, then save yours")
    version = 1 + (newest.version if newest else 0)
    body = {
        "name": complete.name,
        "kind": complete.kind.value,
        "source": complete.source,
        "by": complete.by,
        **complete.options,
    }
    session.add(MonitorVersion(name=complete.name, version=version, definition=body, added_by=by, added_at=at))
    try:
        session.flush()
    except IntegrityError as error:
        said = f"somebody else changed the monitor {complete.name} at the same moment"
        raise Conflict(f"{said}: look at its options again, then save yours") from error
    logged = {"monitor": complete.name, "version": version, "definition": body}
    history.record(session, Event(kind=EventKind.MONITOR_ADDED, by=by, body=logged), at=at)
    return complete


def _newest(session: Session, name: str) -> MonitorVersion | None:
    of_it = select(MonitorVersion).where(MonitorVersion.name == name)
    return session.scalar(of_it.order_by(MonitorVersion.version.desc()).limit(1))


def _complete(definition: MonitorDefinition, base: Definitions) -> MonitorDefinition:
    alike = [each for each in base.monitors if each.kind is definition.kind]
    default = next((each for each in alike if each.by is definition.by), alike[0])
    unknown = sorted(set(definition.options) - set(default.options))
    if unknown:
        known = ", ".join(sorted(default.options))
        raise BadInput(f"a monitor of kind {definition.kind} has no option {unknown[0]}: it has {known}")
    if definition.by is not None and definition.kind not in AUDITED_KINDS:
        raise BadInput(f"a monitor of kind {definition.kind} cannot be split: only those of audited outcomes can")
    return replace(definition, options={**default.options, **definition.options})


def _defined(entry: Mapping[str, object]) -> MonitorDefinition:
    options = {
        name: float(value)
        for name, value in entry.items()
        if name not in ("name", "kind", "source", "by") and isinstance(value, int | float)
    }
    source, by = entry.get("source"), entry.get("by")
    return MonitorDefinition(
        name=str(entry["name"]),
        kind=MonitorKind(str(entry["kind"])),
        source=None if source is None else str(source),
        by=None if by is None else Slice(str(by)),
        options=options,
    )


def option_values(given: Sequence[str]) -> dict[str, float]:
    """Options written as `name=number`."""
    values = {}
    for text in given:
        name, _, value = text.partition("=")
        try:
            values[name.strip()] = float(value)
        except ValueError:
            raise BadInput(f"the option {text!r} cannot be read: write it as name=number") from None
    return values
