"""What changed between the frame of a draw and the frame now: which strata, and in which ticket buckets."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from auditor.sources.frame import Frame
from auditor.storage.audits import SamplingFrame

_ABSENT = (0, 0, "")


@dataclass(frozen=True, kw_only=True)
class StratumChange:
    """A stratum that is not as it was: claims and cents then and now, and the buckets that differ.

    `members_changed` is false where every bucket has as many claims as before: then only cents have changed, or
    a claim was replaced by one whose ticket begins alike.
    """

    name: str
    claims_then: int
    claims_now: int
    paid_cents_then: int
    paid_cents_now: int
    buckets: tuple[str, ...]
    members_changed: bool


def changed_strata(then: SamplingFrame, now: Frame) -> tuple[StratumChange, ...]:
    """The strata whose digest differs, in order of name; one that came or went counts 0 on the other side."""
    before = {str(stratum["name"]): _buckets(stratum["buckets"]) for stratum in then.strata}
    after = {
        stratum.name: {b.prefix: (b.claims, b.paid_cents, b.sha256) for b in stratum.buckets}
        for stratum in now.strata
    }
    names = sorted(before.keys() | after.keys())
    pairs = ((name, before.get(name, {}), after.get(name, {})) for name in names)
    return tuple(_change(name, old, new) for name, old, new in pairs if old != new)


Buckets = dict[str, tuple[int, int, str]]


def _buckets(stored: object) -> Buckets:
    assert isinstance(stored, Sequence)  # noqa: S101
    return {prefix: (claims, paid_cents, sha256) for prefix, claims, paid_cents, sha256 in stored}


def _change(name: str, old: Buckets, new: Buckets) -> StratumChange:
    prefixes = sorted(old.keys() | new.keys())
    return StratumChange(
        name=name,
        claims_then=_sum(old.values(), 0),
        claims_now=_sum(new.values(), 0),
        paid_cents_then=_sum(old.values(), 1),
        paid_cents_now=_sum(new.values(), 1),
        buckets=tuple(prefix for prefix in prefixes if old.get(prefix, _ABSENT) != new.get(prefix, _ABSENT)),
        members_changed=any(old.get(prefix, _ABSENT)[0] != new.get(prefix, _ABSENT)[0] for prefix in prefixes),
    )


def _sum(buckets: Iterable[tuple[int, int, str]], place: int) -> int:
    return sum(int(bucket[place]) for bucket in buckets)
