"""A text as a QR code (ISO/IEC 18004:2015): byte mode, error correction M, versions 1 to 13. Standard library only.

Bits run in two-column strips from the lower right; a mask is chosen that leaves as few patterns as possible that a
reader could take for something else.
"""

from collections.abc import Iterator
from itertools import groupby, product

# Of each version at level M (table 9): correction bytes a block, and the data bytes of each block.
_BLOCKS: dict[int, tuple[int, tuple[int, ...]]] = {
    1: (10, (16,)),
    2: (16, (28,)),
    3: (26, (44,)),
    4: (18, (32,) * 2),
    5: (24, (43,) * 2),
    6: (16, (27,) * 4),
    7: (18, (31,) * 4),
    8: (22, (38,) * 2 + (39,) * 2),
    9: (22, (36,) * 3 + (37,) * 2),
    10: (26, (43,) * 4 + (44,)),
    11: (30, (50,) + (51,) * 4),
    12: (22, (36,) * 6 + (37,) * 2),
    13: (22, (37,) * 8 + (38,)),
}
# Centres of the alignment patterns (annex E).
_CENTRES: dict[int, tuple[int, ...]] = {
    1: (),
    **{version: (6, 4 * version + 10) for version in range(2, 7)},
    **{version: (6, 2 * version + 8, 4 * version + 10) for version in range(7, 14)},
}
_FORMAT_GENERATOR, _FORMAT_MASK, _VERSION_GENERATOR = 0x537, 0x5412, 0x1F25
_FIELD = 0x11D
_BYTE_MODE = 4
MOST_BYTES = 331
"""How many bytes of UTF-8 a code of ours can hold."""

_FINDER_LIKE = ((1, 0, 1, 1, 1, 0, 1, 0, 0, 0, 0), (0, 0, 0, 0, 1, 0, 1, 1, 1, 0, 1))

Matrix = tuple[tuple[bool, ...], ...]
"""Rows of modules, True where one is dark. The quiet zone of 4 modules around it is not in it."""


def matrix(text: str) -> Matrix:
    """The modules of a text; ValueError when its UTF-8 has more than MOST_BYTES.

    >>> len(matrix("auditor")), len(matrix("x" * 100))
    (21, 41)
    """
    data = text.encode()
    version = next((v for v, (_, blocks) in _BLOCKS.items() if _overhead(v) + 8 * len(data) <= 8 * sum(blocks)), None)
    if version is None:
        raise ValueError(f"a QR code of ours holds {MOST_BYTES} bytes, not {len(data)}")
    fixed = _fixed(version)
    bits = _bits(_interleaved(version, _codewords(version, data)))
    drawn = {place: next(bits, 0) for place in _path(version, fixed)}
    masked = [_masked(version, fixed, drawn, mask) for mask in range(8)]
    return min(masked, key=_penalty)


def outline(modules: Matrix) -> str:
    """The dark modules as the path of an SVG image whose unit is one module.

    >>> outline(((True, True, False), (False, False, True)))
    'M0 0h2v1h-2zM2 1h1v1h-1z'
    """
    pieces = []
    for y, row in enumerate(modules):
        x = 0
        for dark, same in groupby(row):
            length = len(list(same))
            if dark:
                pieces.append(f"M{x} {y}h{length}v1h-{length}z")
            x += length
    return "".join(pieces)


def _side(version: int) -> int:
    return 4 * version + 17


def _overhead(version: int) -> int:
    return 12 if version < 10 else 20


def _codewords(version: int, data: bytes) -> list[int]:
    """Mode, length, bytes, end, filled up with the two bytes that the standard names."""
    counted = 8 if version < 10 else 16
    capacity = 8 * sum(_BLOCKS[version][1])
    bits = f"{_BYTE_MODE:04b}{len(data):0{counted}b}" + "".join(f"{byte:08b}" for byte in data)
    bits += "0" * min(4, capacity - len(bits))
    bits += "0" * (-len(bits) % 8)
    found = [int(bits[at : at + 8], 2) for at in range(0, len(bits), 8)]
    return found + [(0xEC, 0x11)[place % 2] for place in range(capacity // 8 - len(found))]


def _interleaved(version: int, data: list[int]) -> list[int]:
    correction, sizes = _BLOCKS[version]
    blocks, at = [], 0
    for size in sizes:
        blocks.append(data[at : at + size])
        at += size
    checks = [_correction(block, correction) for block in blocks]
    longest = range(max(sizes))
    found = [block[place] for place in longest for block in blocks if place < len(block)]
    return found + [check[place] for place in range(correction) for check in checks]


def _times(one: int, other: int) -> int:
    """The product in GF(256)."""
    found = 0
    while other:
        found ^= one if other & 1 else 0
        one = one << 1 ^ (_FIELD if one & 0x80 else 0)
        other >>= 1
    return found


def _correction(block: list[int], count: int) -> list[int]:
    """The remainder of a block by the generator whose roots are the first powers of 2 (Reed-Solomon)."""
    generator, root = [1], 1
    for _ in range(count):
        shifted = [*generator, 0]
        for place, factor in enumerate(generator):
            shifted[place + 1] ^= _times(factor, root)
        generator, root = shifted, _times(root, 2)
    rest = [*block, *[0] * count]
    for place in range(len(block)):
        factor = rest[place]
        for offset, term in enumerate(generator):
            rest[place + offset] ^= _times(term, factor)
    return rest[len(block) :]


def _bits(codewords: list[int]) -> Iterator[int]:
    return (word >> shift & 1 for word in codewords for shift in range(7, -1, -1))


def _fixed(version: int) -> dict[tuple[int, int], int]:
    """What does not depend on the text: finders, timing, alignment, version; places of the format are 0."""
    side = _side(version)
    found = dict(_finders(side))
    for at in range(8, side - 8):
        found[6, at] = found[at, 6] = (at + 1) % 2
    found.update(_alignments(version))
    found.update(dict.fromkeys((place for pair in _format_places(version) for place in pair), 0))
    found[side - 8, 8] = 1
    if version >= 7:
        told = _with_check(version, _VERSION_GENERATOR, 12)
        for bit in range(18):
            row, column = bit // 3, side - 11 + bit % 3
            found[row, column] = found[column, row] = told >> bit & 1
    return found


def _finders(side: int) -> Iterator[tuple[tuple[int, int], int]]:
    """The three large squares, with the light line around them."""
    around = list(product(range(-1, 8), repeat=2))
    for (row, column), (y, x) in product(((0, 0), (0, side - 7), (side - 7, 0)), around):
        if 0 <= row + y < side and 0 <= column + x < side:
            yield (row + y, column + x), int(max(abs(y - 3), abs(x - 3)) in (0, 1, 3))


def _alignments(version: int) -> Iterator[tuple[tuple[int, int], int]]:
    """The small squares, but for the corners where finders are."""
    last = _side(version) - 7
    for row, column in product(_CENTRES[version], repeat=2):
        if (row, column) not in {(6, 6), (6, last), (last, 6)}:
            for y, x in product(range(-2, 3), repeat=2):
                yield (row + y, column + x), int(max(abs(y), abs(x)) != 1)


def _with_check(value: int, generator: int, bits: int) -> int:
    """A value with the remainder of its code behind it (BCH)."""
    rest = value << bits
    for shift in range(rest.bit_length() - 1, bits - 1, -1):
        if rest >> shift & 1:
            rest ^= generator << shift - bits
    return value << bits | rest


def _format_places(version: int) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """Both places of each of the 15 bits of the format, the lowest first (figure 25)."""
    last = _side(version) - 1
    first = [(at, 8) for at in (0, 1, 2, 3, 4, 5, 7, 8)] + [(8, at) for at in (7, 5, 4, 3, 2, 1, 0)]
    second = [(8, last - at) for at in range(8)] + [(last - 6 + at, 8) for at in range(7)]
    return list(zip(first, second, strict=True))


def _path(version: int, fixed: dict[tuple[int, int], int]) -> Iterator[tuple[int, int]]:
    side = _side(version)
    rising = True
    for right in (*range(side - 1, 6, -2), 5, 3, 1):
        for row in range(side - 1, -1, -1) if rising else range(side):
            yield from ((row, column) for column in (right, right - 1) if (row, column) not in fixed)
        rising = not rising


def _is_turned(mask: int, row: int, column: int) -> bool:
    area = row * column
    return (
        (row + column) % 2 == 0,
        row % 2 == 0,
        column % 3 == 0,
        (row + column) % 3 == 0,
        (row // 2 + column // 3) % 2 == 0,
        area % 2 + area % 3 == 0,
        (area % 2 + area % 3) % 2 == 0,
        ((row + column) % 2 + area % 3) % 2 == 0,
    )[mask]


def _masked(version: int, fixed: dict[tuple[int, int], int], drawn: dict[tuple[int, int], int], mask: int) -> Matrix:
    whole = fixed | {place: bit ^ _is_turned(mask, *place) for place, bit in drawn.items()}
    told = _with_check(mask, _FORMAT_GENERATOR, 10) ^ _FORMAT_MASK  # level M is 00
    for bit, places in enumerate(_format_places(version)):
        for place in places:
            whole[place] = told >> bit & 1
    side = range(_side(version))
    return tuple(tuple(bool(whole[row, column]) for column in side) for row in side)


def _penalty(modules: Matrix) -> int:
    """What the four features of section 7.8.3 cost."""
    lines = [*modules, *zip(*modules, strict=True)]
    runs = sum(length - 2 for line in lines for length in _runs(line) if length >= 5)
    side = len(modules)
    blocks = sum(
        len({modules[y][x], modules[y][x + 1], modules[y + 1][x], modules[y + 1][x + 1]}) == 1
        for y in range(side - 1)
        for x in range(side - 1)
    )
    finders = sum(line[at : at + 11] in _FINDER_LIKE for line in lines for at in range(side - 10))
    dark = sum(map(sum, modules))
    return runs + 3 * blocks + 40 * finders + 10 * (abs(20 * dark - 10 * side * side) // (side * side))


def _runs(line: tuple[bool, ...]) -> Iterator[int]:
    return (len(list(same)) for _, same in groupby(line))
