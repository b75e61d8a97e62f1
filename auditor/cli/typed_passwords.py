"""Passwords at the terminal: asked for without an echo, or read from standard input; never an option's value."""

import sys

import click

PASSWORD_STDIN = click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")


def typed(name: str, *, stdin: bool) -> str:
    """What is typed at the prompt of that name, or the next line of standard input."""
    if stdin:
        return sys.stdin.readline().rstrip("\r\n")
    return str(click.prompt(name, hide_input=True, err=True))
