"""The frame of a draw: counts, cents and digests by stratum and ticket prefix, computed where the claims are.

A unit's row digest is the SHA-256 of `item_id,stratum,paid_cents` (a missing amount is empty). A bucket holds
the units of a stratum whose ticket begins with the same two hex digits; its digest is the SHA-256 of
`claims,paid_cents,w0,w1`: the sums, over its units, of the two words of 15 hex digits with which
their row digests begin. Sums are order-free and never wrap, so every engine gives the same text, and a missing,
added or changed unit changes the digest. They find changes; they do not stop a forger who may invent claims
at will (docs/decisions explains). A stratum's digest is the SHA-256 of its lines `prefix,bucket digest`, the
frame's that of its lines `stratum digest,stratum`, each line ended by a newline, in byte order.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby

from sqlalchemy import String, Subquery, cast, func, literal_column, select

from auditor.domain.chain import sha256_text
from auditor.sources import foreseen
from auditor.sources.dialects import ByteOrder, Joined, Sha256Hex, WordSums
from auditor.sources.doubles import refuse_doubles
from auditor.sources.exclusions import Exclusion, count_exclusions
from auditor.sources.foreseen import Foresee
from auditor.sources.items import StratumCount, Tables, items, set_aside
from auditor.sources.population import Population


@dataclass(frozen=True, kw_only=True)
class Bucket:
    """The units of a stratum whose tickets begin with the same two hex digits."""

    prefix: str
    claims: int
    paid_cents: int
    sha256: str


@dataclass(frozen=True, kw_only=True)
class StratumFrame:
    """One stratum of a frame."""

    name: str
    claims: int
    paid_cents: int
    sha256: str
    buckets: tuple[Bucket, ...]


@dataclass(frozen=True, kw_only=True)
class Frame:
    """The population as it stood at the draw: enough to tell later in which bucket it has changed."""

    claims: int
    paid_cents: int
    sha256: str
    query_text: str
    exclusions: tuple[Exclusion, ...]
    strata: tuple[StratumFrame, ...]


def bucket_sha256(claims: int, paid_cents: int, word_sums: Iterable[int]) -> str:
    """The digest of a bucket from its count, its cents and the two word sums."""
    return sha256_text(",".join(map(str, (claims, paid_cents, *word_sums))))


def stratum_sha256(buckets: Iterable[tuple[str, str]]) -> str:
    """The digest of a stratum from the prefix and digest of each bucket, in order."""
    return sha256_text("".join(f"{prefix},{sha256}\n" for prefix, sha256 in buckets))


def frame_sha256(strata: Iterable[tuple[str, str]]) -> str:
    """The digest of a frame from the name and digest of each stratum, in order."""
    return sha256_text("".join(f"{sha256},{name}\n" for name, sha256 in strata))


def take_frame(tables: Tables, population: Population, *, seed: str, foresee: Foresee | None = None) -> Frame:
    """Digest the population for one seed; two claims with one id are refused.

    `foresee` says what will be drawn from it: where the engine can, those units are gathered in the same pass.
    """
    set_aside(tables, population)
    refuse_doubles(tables, population)
    limits = foreseen.limits(tables, population, foresee)
    strata = tuple(_strata(tables, population, seed=seed, limits=limits))
    tables.counted[tables.now(population)] = tuple(
        StratumCount(name=one.name, claims=one.claims, paid_cents=one.paid_cents) for one in strata
    )
    return Frame(
        claims=sum(stratum.claims for stratum in strata),
        paid_cents=sum(stratum.paid_cents for stratum in strata),
        sha256=frame_sha256((stratum.name, stratum.sha256) for stratum in strata),
        query_text=query_text(tables, population),
        exclusions=count_exclusions(tables, population),
        strata=strata,
    )


def query_text(tables: Tables, population: Population) -> str:
    """The SELECT that yields the frame's units, as text with its values in place; it holds no seed."""
    units = items(tables, population, as_asked=True)
    statement = select(units.c.item_id, units.c.stratum, units.c.paid_cents)
    dialect = tables.reader.connection.dialect
    return str(statement.compile(dialect=dialect, compile_kwargs={"literal_binds": True}))


def _strata(
    tables: Tables, population: Population, *, seed: str, limits: Mapping[str, str]
) -> Iterable[StratumFrame]:
    found = _buckets(tables, population, seed=seed, limits=limits)
    for name, group in groupby(found, key=lambda pair: pair[0]):
        buckets = tuple(bucket for _, bucket in group)
        yield StratumFrame(
            name=name,
            claims=sum(bucket.claims for bucket in buckets),
            paid_cents=sum(bucket.paid_cents for bucket in buckets),
            sha256=stratum_sha256((bucket.prefix, bucket.sha256) for bucket in buckets),
            buckets=buckets,
        )


def _buckets(
    tables: Tables, population: Population, *, seed: str, limits: Mapping[str, str]
) -> list[tuple[str, Bucket]]:
    rows = _hashed(tables, population, seed=seed)
    stratum, prefix = ByteOrder(rows.c.stratum), func.substr(rows.c.ticket, 1, 2)
    grouped = select(
        stratum.label("stratum"),
        prefix.label("prefix"),
        func.count().label("claims"),
        func.coalesce(func.sum(rows.c.paid_cents), 0).label("paid_cents"),
        WordSums(rows.c.digest).label("word_sums"),
        *([foreseen.near(rows, limits).label("near")] if limits else []),
    ).group_by(stratum, prefix)
    found, near = [], []
    for name, two, claims, paid, sums, *gathered in tables.reader.rows(grouped):
        digest = bucket_sha256(claims, int(paid), _sums(sums))
        found.append((name, Bucket(prefix=two, claims=claims, paid_cents=int(paid), sha256=digest)))
        near += [(name, item_id) for ids in gathered for item_id in ids or ()]
    if limits:
        foreseen.keep(tables, population, seed, near)
    return sorted(found, key=lambda pair: (pair[0], pair[1].prefix))


def _hashed(tables: Tables, population: Population, *, seed: str) -> Subquery:
    """Every unit with its ticket and the digest of its row."""
    units = items(tables, population)
    paid_text = func.coalesce(cast(units.c.paid_cents, String), "")
    hashed = select(
        units.c.item_id,
        units.c.stratum,
        units.c.paid_cents,
        Sha256Hex(Joined(f"{seed},", units.c.item_id)).label("ticket"),
        Sha256Hex(Joined(units.c.item_id, ",", units.c.stratum, ",", paid_text)).label("digest"),
    )
    if tables.reader.dialect == "postgresql":
        hashed = hashed.offset(literal_column("0"))  # a fence: else the planner hashes once for each of the words
    return hashed.subquery("hashed")


def _sums(text: str) -> list[int]:
    return [int(word) for word in text.split(",")]
