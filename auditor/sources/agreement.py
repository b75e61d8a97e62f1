"""How two stages of the same claims agree, counted where the claims are: sums come back, no claim does.

A claim's label at a stage is its set of codes, taken order-free in the engine as the sums of the words of the
codes' SHA-256: two claims have one label where they hold the same codes, as often. Knows no coefficient.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import (
    CTE,
    Float,
    Integer,
    String,
    Subquery,
    case,
    cast,
    distinct,
    func,
    literal,
    literal_column,
    select,
    union_all,
)
from sqlalchemy.sql.elements import ColumnElement

from auditor.domain.claims import Stage
from auditor.domain.codes import PROCEDURE_FAMILY
from auditor.errors import BadInput
from auditor.sources.columns import CLAIMS, Kind
from auditor.sources.dialects import ByteOrder, Sha256Hex, WordSums
from auditor.sources.items import NOTHING, Tables, require_columns

EVERYTHING = "all"
_GROUPS = tuple(column.name for column in CLAIMS if column.kind is Kind.TEXT and column.name != "claim_id")


@dataclass(frozen=True, kw_only=True)
class StagePair:
    """Two stages to compare, over claims served in a period (both ends included), as a whole or by a claim column."""

    first: Stage
    second: Stage
    by: str | None = None
    first_on: date | None = None
    last_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class AgreementCounts:
    """The sums of one group of claims that carry both stages.

    `labels` counts the labels that occur. With p1 and p2 the shares of labels at either stage and m their mean, u
    is p2 of the first label plus p1 of the second, and v is m of both.
    """

    group: str
    claims: int
    agreed: int
    labels: int
    u: tuple[float, float, float]
    v: tuple[float, float, float]


def count_agreement(tables: Tables, pair: StagePair) -> tuple[AgreementCounts, ...]:
    """The sums of each group, in order of its name; total, squares, and total where agreed, of u and of v."""
    _refuse_nonsense(tables, pair)
    pairs = _pairs(tables, pair)
    shares = _shares(pairs)
    first, second = shares.alias("first_shares"), shares.alias("second_shares")
    whole = cast(first.c.claims, Float)
    u = (first.c.with_second + second.c.with_first) / whole
    v = (first.c.with_first + first.c.with_second + second.c.with_first + second.c.with_second) / (2 * whole)
    agreed = case((pairs.c.first_label == pairs.c.second_label, 1), else_=0)
    scored = (
        select(pairs.c.part, agreed.label("agreed"), u.label("u"), v.label("v"), first.c.labels.label("labels"))
        .join_from(pairs, first, (first.c.part == pairs.c.part) & (first.c.label == pairs.c.first_label))
        .join(second, (second.c.part == pairs.c.part) & (second.c.label == pairs.c.second_label))
        .subquery("scored")
    )
    question = select(
        scored.c.part,
        func.count(),
        func.sum(scored.c.agreed),
        func.max(scored.c.labels),
        *_moments(scored.c.u, scored.c.agreed),
        *_moments(scored.c.v, scored.c.agreed),
    ).group_by(scored.c.part)
    found = [_counts(row) for row in tables.reader.rows(question)]
    return tuple(sorted(found, key=lambda counts: counts.group))


def _refuse_nonsense(tables: Tables, pair: StagePair) -> None:
    if pair.first is pair.second:
        raise BadInput(f"stage {pair.first} agrees with itself: name two stages")
    if pair.first_on and pair.last_on and pair.last_on < pair.first_on:
        raise BadInput(f"the period ends on {pair.last_on}, before it begins on {pair.first_on}: turn it round")
    if pair.by is not None:
        if pair.by not in _GROUPS:
            raise BadInput(f"agreement cannot be split by {pair.by!r}: take one of {', '.join(_GROUPS)}")
        require_columns(tables, {pair.by})


def _pairs(tables: Tables, pair: StagePair) -> CTE:
    """Both labels of every claim that carries both stages, with the group that it belongs to."""
    labels = _labels(tables, pair)
    first, second = labels.alias("first_labels"), labels.alias("second_labels")
    claims = _claims(tables, pair)
    return (
        select(claims.c.part, first.c.label.label("first_label"), second.c.label.label("second_label"))
        .join_from(first, second, second.c.claim_id == first.c.claim_id)
        .join(claims, claims.c.claim_id == first.c.claim_id)
        .where(first.c.stage == pair.first.value, second.c.stage == pair.second.value)
        .cte("pairs")
    )


def _claims(tables: Tables, pair: StagePair) -> Subquery:
    claims = tables.claims.table
    part: ColumnElement[str] = literal(EVERYTHING)
    if pair.by is not None:
        part = ByteOrder(func.coalesce(cast(claims.c[pair.by], String), NOTHING))
    chosen = select(claims.c.claim_id, part.label("part"))
    if pair.first_on is not None:
        chosen = chosen.where(claims.c.served_on >= pair.first_on)
    if pair.last_on is not None:
        chosen = chosen.where(claims.c.served_on <= pair.last_on)
    return tables.lookup(chosen, "compared")


def _labels(tables: Tables, pair: StagePair) -> CTE:
    codes = tables.codes.table
    system = func.upper(func.trim(codes.c.code_system))
    family = case((system.in_(["CPT", "HCPCS"]), PROCEDURE_FAMILY), else_=system)
    code = func.replace(func.upper(func.trim(codes.c.code)), ".", "")
    hashed = select(codes.c.claim_id, codes.c.stage, Sha256Hex(family + "," + code).label("digest")).where(
        codes.c.stage.in_([pair.first.value, pair.second.value]), codes.c.code.is_not(None)
    )
    if Stage.AI_DRAFT in (pair.first, pair.second) and tables.mapping.drafts_hold:
        hashed = hashed.where(family.in_(tables.mapping.drafts_hold))
    if tables.reader.dialect == "postgresql":
        hashed = hashed.offset(literal_column("0"))  # a fence: else the planner hashes once for each of the words
    digests = hashed.subquery("digests")
    label = WordSums(digests.c.digest).label("label")
    return (
        select(digests.c.claim_id, digests.c.stage, label).group_by(digests.c.claim_id, digests.c.stage).cte("labels")
    )


def _shares(pairs: CTE) -> CTE:
    """How often each label stands at either stage of its group, and how many labels and claims the group has."""
    one, nought = literal(1, Integer), literal(0, Integer)
    sides = union_all(
        select(pairs.c.part, pairs.c.first_label.label("label"), one.label("at_first"), nought.label("at_second")),
        select(pairs.c.part, pairs.c.second_label, nought, one),
    ).subquery("sides")
    counted = (
        select(
            sides.c.part,
            sides.c.label,
            func.sum(sides.c.at_first).label("with_first"),
            func.sum(sides.c.at_second).label("with_second"),
        )
        .group_by(sides.c.part, sides.c.label)
        .subquery("counted")
    )
    groups = (
        select(
            counted.c.part,
            func.sum(counted.c.with_first).label("claims"),
            func.count(distinct(counted.c.label)).label("labels"),
        )
        .group_by(counted.c.part)
        .subquery("groups")
    )
    return (
        select(counted, groups.c.claims, groups.c.labels)
        .join_from(counted, groups, groups.c.part == counted.c.part)
        .cte("shares")
    )


def _moments(score: ColumnElement[float], agreed: ColumnElement[int]) -> list[ColumnElement[Any]]:
    return [func.sum(score), func.sum(score * score), func.sum(score * agreed)]


def _counts(row: Any) -> AgreementCounts:
    group, claims, agreed, labels, *sums = row
    u, v = (tuple(float(each) for each in half) for half in (sums[:3], sums[3:]))
    return AgreementCounts(
        group=group,
        claims=int(claims),
        agreed=int(agreed),
        labels=int(labels),
        u=(u[0], u[1], u[2]),
        v=(v[0], v[1], v[2]),
    )
