"""The page that lists every command, made from the commands themselves: `python -m tests.contract.commands`."""

from collections.abc import Iterator
from pathlib import Path

import click

from auditor.cli.app import auditor

PAGE = Path(__file__).parents[2] / "docs" / "commands.md"
_COMMON = {"--database", "--dir", "--json", "--help"}
_HEAD = """# Commands

Made from the commands themselves by `python -m tests.contract.commands`; a test fails when it is out of date.

Every command also takes `--database URL`, `--dir FOLDER` (one folder for database, key and mails), `--json` (one JSON
document on standard output) and `--help`. Exit 0 done, 1 something to act on, 2 wrong usage, 3 not allowed.
"""


def leaves(command: click.Command, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Every command that does something, with the words that call it."""
    if not isinstance(command, click.Group):
        yield path, command
        return
    context = click.Context(command)
    for name in command.list_commands(context):
        found = command.get_command(context, name)
        assert found is not None
        yield from leaves(found, (*path, name))


def everything() -> list[tuple[tuple[str, ...], click.Command]]:
    """All of `auditor`."""
    return list(leaves(auditor))


def page() -> str:
    """The whole page."""
    return _HEAD + "".join(_entry(path, command) for path, command in everything())


def _entry(path: tuple[str, ...], command: click.Command) -> str:
    context = click.Context(command)
    arguments = [p.make_metavar(context) for p in command.params if isinstance(p, click.Argument)]
    lines = [f"\n## {' '.join(['auditor', *path, *arguments])}\n", f"\n{_summary(command)}\n"]
    options = [p for p in command.params if isinstance(p, click.Option) and not _COMMON & set(p.opts)]
    if options:
        lines.append("\n")
    return "".join(lines + [_option(option, context) for option in options])


def _summary(command: click.Command) -> str:
    """The first paragraph; the rest is in `--help`."""
    return (command.help or "").strip().split("\n\n")[0]


def _option(option: click.Option, context: click.Context) -> str:
    written = ", ".join([*option.opts, *option.secondary_opts])
    value = "" if option.is_flag else f" {option.make_metavar(context)}"
    required = " (required)" if option.required else ""
    return f"* `{written}{value}`{required} {option.help or ''}\n".replace(" \n", "\n")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
