"""Groups and commands that all carry `--database`, `--dir` and `--json`, and the workspace that they open."""

import getpass
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from auditor.errors import NotFound

if TYPE_CHECKING:
    from auditor.settings import Settings
    from auditor.storage.database import Database

TERMINAL = "terminal"
"""What the log of views says in place of an address where somebody was shown a case by a command."""

_META = "auditor.options"


class Command(click.Command):
    """A command with the options that every command has."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.params.extend(
            [
                click.Option(["--database"], metavar="URL", help="Where our own tables are.", **_kept()),
                click.Option(
                    ["--dir", "folder"],
                    type=click.Path(path_type=Path, file_okay=False),
                    help="One folder for database, key and mails.",
                    **_kept(),
                ),
                click.Option(["--json", "as_json"], is_flag=True, help="Print one JSON document.", **_kept()),
            ]
        )


class Group(click.Group):
    """A group whose commands carry those options."""

    command_class = Command
    group_class = type


def _kept() -> dict[str, Any]:
    return {"expose_value": False, "callback": _keep}


def _keep(ctx: click.Context, param: click.Parameter, value: Any) -> None:
    if value:
        ctx.meta.setdefault(_META, {})[param.name] = value


def wants_json() -> bool:
    """Whether the command in hand was called with `--json`."""
    return bool(click.get_current_context().meta.get(_META, {}).get("as_json"))


def chosen_folder() -> Path | None:
    """The folder that the command in hand was given with `--dir`."""
    folder: Path | None = click.get_current_context().meta.get(_META, {}).get("folder")
    return folder


def chosen_database() -> str | None:
    """The address of our tables that the command in hand was given with `--database`."""
    database: str | None = click.get_current_context().meta.get(_META, {}).get("database")
    return database


@dataclass
class Workspace:
    """What a command works with: settings, our database, the moment, and who is at the keyboard."""

    @cached_property
    def settings(self) -> "Settings":
        """Settings, with `--dir` and `--database` before everything else."""
        from auditor import settings

        chosen = click.get_current_context().meta.get(_META, {})
        loaded = settings.load()
        if "folder" in chosen:
            loaded = settings.with_folder(loaded, chosen["folder"])
        if "database" in chosen:
            loaded = replace(loaded, database_url=chosen["database"])
        return loaded

    @cached_property
    def database(self) -> "Database":
        """Our database, which must have been made by `auditor init`."""
        from auditor.services import installation

        chosen = self.settings
        return installation.open_database(chosen.database, key_path=chosen.key_path, time_zone=chosen.time_zone)

    @property
    def now(self) -> datetime:
        """This moment."""
        return datetime.now(UTC)

    @property
    def today(self) -> date:
        """This day where the practice is."""
        from zoneinfo import ZoneInfo

        return self.now.astimezone(ZoneInfo(self.settings.time_zone)).date()

    @cached_property
    def user(self) -> str:
        """The operating-system user, as whom the command line acts."""
        try:
            return getpass.getuser()
        except (KeyError, OSError) as error:
            raise NotFound("this process has no user name: set LOGNAME") from error


pass_workspace = click.make_pass_decorator(Workspace, ensure=True)
