"""Levels of evaluation and management codes, so that a wrong level can be called up or down. Knows no other codes."""

from auditor.domain.codes import normal_code

# Families whose last digit orders the level of service; CPT evaluation and management section, 2023 and later.
_FAMILIES = {
    "office, new patient": ("99202", "99203", "99204", "99205"),
    "office, established patient": ("99211", "99212", "99213", "99214", "99215"),
    "hospital, initial": ("99221", "99222", "99223"),
    "hospital, subsequent": ("99231", "99232", "99233"),
    "hospital, same day": ("99234", "99235", "99236"),
    "consultation, office": ("99242", "99243", "99244", "99245"),
    "consultation, hospital": ("99252", "99253", "99254", "99255"),
    "emergency": ("99281", "99282", "99283", "99284", "99285"),
    "nursing facility, initial": ("99304", "99305", "99306"),
    "nursing facility, subsequent": ("99307", "99308", "99309", "99310"),
    "home, new patient": ("99341", "99342", "99344", "99345"),
    "home, established patient": ("99347", "99348", "99349", "99350"),
}
MOST_LEVELS = 5
_LEVELS = {code: (family, level) for family, codes in _FAMILIES.items() for level, code in enumerate(codes, start=1)}


def families() -> tuple[tuple[str, tuple[tuple[str, int], ...]], ...]:
    """Every family with its codes and the level that each is spoken of as: 99214 is level 4, and so is 99204.

    >>> dict(families())["office, new patient"][0]
    ('99202', 2)
    """
    return tuple((name, tuple((code, _spoken(name, code)) for code in codes)) for name, codes in _FAMILIES.items())


def _spoken(family: str, code: str) -> int:
    return int(code[-1]) if family.startswith(("office", "consultation", "emergency")) else _LEVELS[code][1]


def em_level(code: str) -> tuple[str, int] | None:
    """Family and rank of an E/M code; None for every other code.

    >>> em_level("99214")
    ('office, established patient', 4)
    >>> em_level("93000") is None
    True
    """
    return _LEVELS.get(normal_code(code))


def level_difference(submitted: str, correct: str) -> int | None:
    """Levels by which a code lies above the correct one; None unless both are levels of one family.

    >>> level_difference("99214", "99213")
    1
    >>> level_difference("99204", "99214") is None
    True
    """
    here, there = em_level(submitted), em_level(correct)
    if not here or not there or here[0] != there[0]:
        return None
    return here[1] - there[1]
