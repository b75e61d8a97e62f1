"""Settings: config/default.toml, then the user's file, then AUDITOR_* variables. The only reader of the environment.

A setting `host` of table `[mail]` is the variable AUDITOR_MAIL_HOST.
"""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import platformdirs

from auditor import resources
from auditor.errors import BadInput

CONFIG_NAME = "auditor.toml"


@dataclass(frozen=True, kw_only=True)
class MailSettings:
    """How mail leaves: `file` writes .eml files into `folder`, `smtp` sends."""

    transport: str
    folder: str
    host: str
    port: int
    security: str
    username: str
    sender: str
    password: str = field(default="", repr=False)


@dataclass(frozen=True, kw_only=True)
class CostSettings:
    """The cost model, in US dollars and shares."""

    rework: float
    complex_appeal: float
    never_resubmitted: float
    auditor_hour: float
    case_minutes: float


@dataclass(frozen=True, kw_only=True)
class WebSettings:
    """How long a login lasts, without a sign of life and at most."""

    idle_minutes: int
    session_hours: int


@dataclass(frozen=True, kw_only=True)
class SignOnSettings:
    """Single sign-on by OpenID Connect; off without an issuer. `claim` says who somebody is, found by `match`."""

    issuer: str
    client_id: str
    label: str
    claim: str
    match: str
    client_secret: str = field(default="", repr=False)


@dataclass(frozen=True, kw_only=True)
class QuerySettings:
    """Provider queries: days until an answer is due, days that a link lives longer, and own templates."""

    due_days: int
    link_days: int
    templates_file: str


@dataclass(frozen=True, kw_only=True)
class NoticeSettings:
    """When notices of alerts wait, and when an alert that nobody acknowledges is handed up."""

    quiet_from: str
    quiet_to: str
    escalate_days: int


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Everything that can be configured; see config/default.toml for what each means."""

    database_url: str
    data_dir: str
    key_file: str
    guidelines_file: str
    base_url: str
    practice: str
    time_zone: str
    false_mails_a_year: float
    mail: MailSettings
    costs: CostSettings
    web: WebSettings
    queries: QuerySettings
    oidc: SignOnSettings
    notices: NoticeSettings
    environment: Mapping[str, str] = field(repr=False)

    @property
    def data_folder(self) -> Path:
        """Where the SQLite file, the key and file mails lie."""
        chosen = Path(self.data_dir) if self.data_dir else Path(platformdirs.user_data_path("auditor"))
        return chosen.expanduser().resolve()

    @property
    def database(self) -> str:
        """The URL of our own tables."""
        return self.database_url or f"sqlite:///{self.data_folder / 'auditor.sqlite'}"

    @property
    def key_path(self) -> Path:
        """The file that holds the encryption key."""
        return Path(self.key_file).expanduser().resolve() if self.key_file else self.data_folder / "auditor.key"

    @property
    def guidelines_path(self) -> Path:
        """The file of the practice's own rules, which need not be there."""
        named = Path(self.guidelines_file).expanduser().resolve() if self.guidelines_file else None
        return named or self.data_folder / "guidelines.toml"

    @property
    def query_templates_path(self) -> Path:
        """The file of the practice's own query templates, which need not be there."""
        named = self.queries.templates_file
        return Path(named).expanduser().resolve() if named else self.data_folder / "queries.toml"

    @property
    def mail_folder(self) -> Path:
        """Where file mails go."""
        return Path(self.mail.folder).expanduser().resolve() if self.mail.folder else self.data_folder / "mail"


def config_path(environment: Mapping[str, str]) -> Path:
    """The user's config file: AUDITOR_CONFIG, or the one in the user's config folder."""
    named = environment.get("AUDITOR_CONFIG")
    return Path(named) if named else Path(platformdirs.user_config_path("auditor")) / CONFIG_NAME


def load(environment: Mapping[str, str] | None = None) -> Settings:
    """Settings as they hold now; BadInput names the file or variable that cannot be used."""
    env = dict(os.environ if environment is None else environment)
    values = tomllib.loads((resources.folder("config") / "default.toml").read_text())
    own = config_path(env)
    if own.is_file():
        values = _merged(values, _read(own), place=str(own))
    values = _from_variables(values, env)
    _check_zone(values["time_zone"])
    if values["oidc"]["match"] not in ("email", "name"):
        raise BadInput(f"oidc.match is {values['oidc']['match']!r}: write email or name")
    values["oidc"]["client_secret"] = env.get("AUDITOR_OIDC_CLIENT_SECRET", "")
    values["mail"]["password"] = env.get("AUDITOR_MAIL_PASSWORD", "")
    tables: dict[str, Any] = {
        "mail": MailSettings(**values.pop("mail")),
        "costs": CostSettings(**values.pop("costs")),
        "web": WebSettings(**values.pop("web")),
        "queries": QuerySettings(**values.pop("queries")),
        "oidc": SignOnSettings(**values.pop("oidc")),
        "notices": NoticeSettings(**values.pop("notices")),
    }
    return Settings(**values, **tables, environment=env)


def with_folder(settings: Settings, folder: Path) -> Settings:
    """The same settings with everything in one folder, whatever the environment says."""
    database = f"sqlite:///{folder.resolve() / 'auditor.sqlite'}"
    mail = replace(settings.mail, transport="file", folder="")
    within = replace(settings, data_dir=str(folder.resolve()), database_url=database, mail=mail)
    return replace(within, key_file="", guidelines_file="")


def names() -> list[str]:
    """Every setting as `name` or `table.name`, for the check that each is documented."""
    nested = {
        "mail": MailSettings,
        "costs": CostSettings,
        "web": WebSettings,
        "queries": QuerySettings,
        "notices": NoticeSettings,
        "oidc": SignOnSettings,
    }
    own = [f.name for f in fields(Settings) if f.name not in {*nested, "environment"}]
    return own + [f"{table}.{f.name}" for table, kind in nested.items() for f in fields(kind)]


def _check_zone(name: str) -> None:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise BadInput(f"the time zone {name!r} is not known: write it like America/New_York or UTC") from error


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise BadInput(f"the config file {path} cannot be read ({error}): mend it or move it away") from error


def _merged(base: dict[str, Any], own: Mapping[str, Any], *, place: str) -> dict[str, Any]:
    merged = dict(base)
    for name, value in own.items():
        if name not in base:
            raise BadInput(f"{place} sets {name!r}, which is no setting: see config/default.toml for those there are")
        if isinstance(base[name], dict):
            merged[name] = _merged(base[name], value, place=f"{place} [{name}]")
        else:
            merged[name] = _converted(value, like=base[name], place=f"{place}: {name}")
    return merged


def _from_variables(values: dict[str, Any], env: Mapping[str, str], prefix: str = "AUDITOR_") -> dict[str, Any]:
    read: dict[str, Any] = {}
    for name, value in values.items():
        variable = f"{prefix}{name.upper()}"
        if isinstance(value, dict):
            read[name] = _from_variables(value, env, f"{variable}_")
        elif variable in env:
            read[name] = _converted(env[variable], like=value, place=variable)
        else:
            read[name] = value
    return read


def _converted(value: object, *, like: object, place: str) -> object:
    try:
        if isinstance(like, int | float) and isinstance(value, str | int | float):
            return type(like)(value)
    except ValueError as error:
        raise BadInput(f"{place} must be a number, not {value!r}") from error
    if type(value) is not type(like):
        raise BadInput(f"{place} must be {'a number' if isinstance(like, int | float) else 'text'}, not {value!r}")
    return value
