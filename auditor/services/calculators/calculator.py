"""A calculator: a function of `auditor.stats` that people may ask, with the words for it from its own docstring.

Nothing heavy is loaded here: `function` imports what it names.
"""

import inspect
import re
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any

_FOR_PROGRAMS = re.compile(r"\s*Raises:? BadInput[^.]*\.")
_INITIALS = {"ac1", "ac2", "arl", "bh", "cia", "cusum", "ewma", "masi", "ppi"}
_PEOPLE = {
    *("agresti", "benjamini", "bernoulli", "bernstein", "brennan", "brier", "clopper", "cohen", "coull", "fisher"),
    *("fleiss", "gaffke", "graubard", "gwet", "hochberg", "horvitz", "jaccard", "jeffreys", "jensen", "korn"),
    *("krippendorff", "laney", "neyman", "pearson", "poisson", "prediger", "randolph", "roberts", "scott", "shannon"),
    *("shiryaev", "siegmund", "stringer", "thompson", "wilson", "yekutieli"),
}


@dataclass(frozen=True)
class Calculator:
    """A function of `auditor.stats` that people may ask. `path` is written `module:name`."""

    name: str
    path: str
    group: str
    replaces: str = ""

    @property
    def function(self) -> Callable[..., Any]:
        """The function behind it."""
        module, name = self.path.split(":")
        function: Callable[..., Any] = getattr(import_module(f"auditor.stats.{module}"), name)
        return function

    @property
    def title(self) -> str:
        """Its name as a heading.

        >>> named = (Calculator(name, "agreement:gwet_ac1", "") for name in ("gwet-ac1", "upper-limit"))
        >>> tuple(each.title for each in named)
        ('Gwet AC1', 'Upper limit')
        """
        words = [each.upper() if each in _INITIALS else each for each in self.name.split("-")]
        named = [each.capitalize() if each in _PEOPLE else each for each in words]
        return " ".join([named[0][:1].upper() + named[0][1:], *named[1:]])

    @property
    def question(self) -> str:
        """What it answers, in one sentence."""
        return self.about.split("\n\n")[0].replace("\n", " ")

    @property
    def about(self) -> str:
        """What it answers, what each input may be, what it assumes, and who published it."""
        text = inspect.cleandoc(self.function.__doc__ or "").split(">>>")[0].rstrip()
        return _FOR_PROGRAMS.sub("", text)
