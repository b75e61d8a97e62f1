"""House rules in force: those that are shipped, then the practice's own, which take the place of namesakes."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from auditor import resources
from auditor.guidelines.house.examples import Trial, trials
from auditor.guidelines.house.matching import as_rule
from auditor.guidelines.house.model import HouseRule
from auditor.guidelines.house.parsing import read
from auditor.guidelines.registry import AnyRule, built_in


@dataclass(frozen=True, kw_only=True)
class Tested:
    """What the examples of house rules showed."""

    files: tuple[str, ...]
    rules: int
    examples: int
    failed: tuple[Trial, ...]


def shipped() -> Path:
    """The file of house rules that comes with the product."""
    return resources.folder("config") / "guidelines.toml"


def house_rules(own: Path | None) -> tuple[HouseRule, ...]:
    """The rules in force; a file `own` that is not there adds none."""
    named = {rule.card.name: rule for rule in read(shipped())}
    if own and own.is_file():
        named |= {rule.card.name: rule for rule in read(own)}
    return tuple(named.values())


def rules_in_force(own: Path | None) -> tuple[AnyRule, ...]:
    """Every rule that judges claims: the built-in ones, and those of the house."""
    return _in_force(own, _state(shipped()), _state(own) if own else None)


@lru_cache(maxsize=8)
def _in_force(own: Path | None, *_states: tuple[int, int, int] | None) -> tuple[AnyRule, ...]:
    """Read anew when a file has changed, and not for every case that is opened."""
    return (*built_in(), *(as_rule(rule) for rule in house_rules(own)))


def _state(file: Path) -> tuple[int, int, int] | None:
    """What tells that a file is another than before; None where there is none."""
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def tested(files: Iterable[Path]) -> Tested:
    """Each rule of each file on its own examples."""
    listed = tuple(files)
    rules = [rule for file in listed for rule in read(file)]
    tried = list(trials(rules))
    return Tested(
        files=tuple(str(file) for file in listed),
        rules=len(rules),
        examples=len(tried),
        failed=tuple(trial for trial in tried if not trial.passed),
    )
