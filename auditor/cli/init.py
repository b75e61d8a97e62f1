"""`auditor init`: create or upgrade the database, and write a commented config file."""

import os
import shutil

import click
from rich.console import Console

from auditor.cli import output
from auditor.cli.commands import Command, Workspace, pass_workspace


@click.command(cls=Command)
@pass_workspace
def init(workspace: Workspace) -> None:
    """Create or upgrade the database and write a commented config file. Safe to run again. For: administrator."""
    from auditor import resources, settings
    from auditor.services import installation

    loaded = workspace.settings
    database = installation.install(loaded.database, key_path=loaded.key_path)
    config = settings.config_path(loaded.environment)
    written = not config.exists()
    if written:
        config.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(resources.folder("config") / "default.toml", config)
    location = database.engine.url.render_as_string(hide_password=True)
    document = {"database": location, "config": os.fspath(config), "config_written": written}

    def view(screen: Console) -> None:
        screen.print(f"database ready: {location}", soft_wrap=True)
        screen.print(f"config {'written' if written else 'kept'}: {config}", soft_wrap=True)
        output.next_step(screen, "auditor source add NAME --url URL --preset canonical")

    output.answer(document, view)
