"""Puts the code of a faulty module in the place of the right one, in a process that already imported it."""

import ast
import sys
from types import FunctionType, ModuleType

from auditor.stats.results import Basis
from tests.proof.mutants import Mutant


def plant(mutant: Mutant) -> None:
    """Change the imported module, and what others imported from it, into the mutant."""
    name = f"auditor.stats.{mutant.file.stem}"
    module = sys.modules[name]
    faulty = ModuleType(name)
    faulty.__file__ = str(mutant.file)
    tree = ast.fix_missing_locations(mutant.tree)
    exec(compile(tree, str(mutant.file), "exec"), faulty.__dict__)  # the module itself, with one change
    for key, new in vars(faulty).items():
        old = vars(module).get(key)
        if key.startswith("__") or (callable(new) and getattr(new, "__module__", name) != name):
            continue
        if isinstance(new, type) and isinstance(old, type):
            _class(old, new)
        elif not _function(old, new) and not isinstance(old, type | ModuleType):
            _value(key, old, new)


def _class(old: type, new: type) -> None:
    for key, right in vars(old).items():
        wrong = vars(new).get(key)
        if isinstance(right, property) and isinstance(wrong, property):
            right, wrong = right.fget, wrong.fget
        _function(getattr(right, "func", right), getattr(wrong, "func", wrong))


def _function(old: object, new: object) -> bool:
    old, new = (getattr(each, "__wrapped__", each) for each in (_cleared(old), new))
    if not isinstance(old, FunctionType) or not isinstance(new, FunctionType):
        return False
    if old.__code__.co_freevars == new.__code__.co_freevars:
        old.__code__ = new.__code__
        old.__defaults__, old.__kwdefaults__ = new.__defaults__, new.__kwdefaults__
    return True


def _cleared(function: object) -> object:
    if hasattr(function, "cache_clear"):
        function.cache_clear()
    return function


def _value(key: str, old: object, new: object) -> None:
    """A module's own value, wherever it was imported under its name; tables of functions keep their functions."""
    if isinstance(old, dict | frozenset | str | Basis) or old is None:
        return
    for name, module in list(sys.modules.items()):
        if name.startswith("auditor.stats") and vars(module).get(key) is old:
            setattr(module, key, new)
