"""One mail in place of many: what one run tells one person, item by item. Knows no template, and no claim."""

from dataclasses import dataclass

from auditor.domain.checkpoints import Checkpoint


@dataclass(frozen=True, kw_only=True)
class BundleItem:
    """What would have been a mail of its own. `button` names what `url` opens; `acknowledge_url` is the reader's."""

    headline: str
    detail: str
    button: str
    url: str
    is_over: bool = False
    acknowledge_url: str | None = None


@dataclass(frozen=True, kw_only=True)
class BundleMail:
    """At least one item. `url` opens the reader's desk."""

    recipient_name: str
    practice: str
    url: str
    items: tuple[BundleItem, ...]
    checkpoint: Checkpoint
