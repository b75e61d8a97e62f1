"""The one template environment: pages escape every value, texts do not, and an unknown name is an error."""

from functools import cache

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from auditor import resources
from auditor.reports import figures


@cache
def environment() -> Environment:
    """The environment over the folder `templates`."""
    made = Environment(
        loader=FileSystemLoader(resources.folder("templates")),
        autoescape=select_autoescape(enabled_extensions=("html", "svg", "xml"), default=False),
        undefined=StrictUndefined,
        auto_reload=False,  # they are part of the program: looking for newer ones would ask the disk at every page
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=False,
    )
    for name in _FILTERS:
        made.filters[name] = getattr(figures, name)
    return made


def source(name: str) -> str:
    """The text of a file beside the templates, such as a style sheet."""
    return (resources.folder("templates") / name).read_text(encoding="utf-8")


_FILTERS = (
    "count",
    "day",
    "day_at",
    "day_of_month",
    "decimal",
    "dollars",
    "moment",
    "option_words",
    "percent",
    "percent_number",
    "points",
    "span",
    "stream_title",
    "stream_words",
    "whole_dollars",
)
