"""Where templates, config and migrations are: in the checkout, or inside the installed wheel."""

from pathlib import Path

_PACKAGE = Path(__file__).parent
_SHIPPED = _PACKAGE / "_shipped"


def folder(name: str) -> Path:
    """The folder `templates`, `config` or `migrations`, wherever this installation keeps it.

    >>> (folder("templates") / "email").is_dir()
    True
    """
    for home in (_SHIPPED, _PACKAGE.parent):
        if (home / name).is_dir():
            return home / name
    raise ValueError(f"this installation carries no folder {name!r}")
