"""Small faults that a test should notice: each is one change of one operator, number or condition of a module."""

import ast
import copy
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

_COMPARED: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
_REPLACED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.Pow: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}
_RENAMED = {"min": "max", "max": "min", "any": "all", "all": "any", "ceil": "floor", "floor": "ceil"}
_RENAMED |= {"minimum": "maximum", "maximum": "minimum", "log": "log1p", "exp": "expm1"}
# Not behaviour: types, what a message says, names that are exported, what a class is decorated with, and the
# assertion of `zip(..., strict=True)` that columns were already checked to be of one length.
_PASSED_OVER = (ast.AnnAssign, ast.Raise, ast.Assert, ast.Import, ast.ImportFrom, ast.arg)


@dataclass(frozen=True)
class Mutant:
    """One fault: where it is, what it changes, and the whole module with it."""

    file: Path
    line: int
    column: int
    before: str
    after: str
    tree: ast.Module

    @property
    def name(self) -> str:
        """Place and change, the same in every run."""
        return f"{self.file.stem}:{self.line}:{self.column} `{self.before}` -> `{self.after}`"

    def chosen(self, one_in: int) -> bool:
        """Whether this mutant is in a sample of one in so many, chosen by the SHA-256 of its name."""
        return int(by_hash(self), 16) % one_in == 0


def by_hash(mutant: Mutant) -> str:
    """An order that has nothing to do with the code: that of the SHA-256 of place and change."""
    return hashlib.sha256(mutant.name.encode()).hexdigest()


def mutants(file: Path, *, one_in: int = 1) -> Iterator[Mutant]:
    """Every mutant of a module, in the order of its lines; only those that a sample takes carry a tree."""
    tree, nothing = ast.parse(file.read_text()), ast.Module([], [])
    for node in list(_behaviour(tree)):
        for changed in _changes(node):
            before, kept = ast.unparse(node), copy.copy(node.__dict__)
            node.__dict__.update(changed.__dict__)
            was, node.__class__ = node.__class__, changed.__class__
            place = kept.get("lineno", 0), kept.get("col_offset", 0)
            found = Mutant(file, *place, _short(before), _short(ast.unparse(node)), nothing)
            if found.chosen(one_in):
                found = replace(found, tree=copy.deepcopy(tree))
            node.__class__ = was
            node.__dict__.clear()
            node.__dict__.update(kept)
            yield found


def _behaviour(node: ast.AST) -> Iterator[ast.AST]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.AnnAssign) and child.value is not None:
            yield child.value
            yield from _behaviour(child.value)
        if isinstance(child, _PASSED_OVER):
            continue
        if isinstance(node, ast.FunctionDef) and child in (node.returns, *node.decorator_list):
            continue
        if isinstance(node, ast.ClassDef) and child in node.decorator_list:
            continue
        if isinstance(child, ast.keyword) and child.arg == "strict":
            continue
        yield child
        yield from _behaviour(child)


def _changes(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.Compare):
        for place, operator in enumerate(node.ops):
            for other in _COMPARED[type(operator)]:
                yield ast.Compare(node.left, [*node.ops[:place], other(), *node.ops[place + 1 :]], node.comparators)
    elif isinstance(node, ast.BinOp) and type(node.op) in _REPLACED:
        yield ast.BinOp(node.left, _REPLACED[type(node.op)](), node.right)
    elif isinstance(node, ast.AugAssign) and type(node.op) in _REPLACED:
        yield ast.AugAssign(node.target, _REPLACED[type(node.op)](), node.value)
    else:
        yield from _other_changes(node)


def _other_changes(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.BoolOp):
        yield ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not | ast.USub):
        yield node.operand
    elif isinstance(node, ast.Constant):
        yield from _constants(node.value)
    elif isinstance(node, ast.If | ast.While | ast.IfExp) and not isinstance(node.test, ast.Compare | ast.BoolOp):
        yield type(node)(ast.UnaryOp(ast.Not(), node.test), node.body, node.orelse)
    elif isinstance(node, ast.Name) and node.id in _RENAMED and node.id not in {"log", "exp"}:
        yield ast.Name(_RENAMED[node.id], node.ctx)
    elif isinstance(node, ast.Attribute) and node.attr in _RENAMED:
        yield ast.Attribute(node.value, _RENAMED[node.attr], node.ctx)


def _constants(value: object) -> Iterator[ast.AST]:
    if isinstance(value, bool):
        yield ast.Constant(not value)
    elif isinstance(value, int | float):
        yield ast.Constant(value + 1 if isinstance(value, int) else value * 2 + 0.5)


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 60 else f"{line[:57]}..."
