"""How many units of a frame may be in error, given a sample: the search behind every finite limit. Knows no rate."""

import math
from collections.abc import Sequence
from fractions import Fraction

from auditor.stats.proportion import beta_high
from auditor.stats.tails import hypergeometric_tail, tail_exceeds

# Guesses by secant before plain halving: the tail's logarithm is smooth, so that three or four suffice.
_GUESSES = 12


def highest_count(errors: int, n: int, population: int, risk: Fraction) -> int:
    """The largest number of errors in the frame under which so few in the sample are likelier than the risk."""
    inside, outside = errors, population - (n - errors) + 1
    target, points = math.log(risk), [(float(errors), 0.0)]
    guess = round(_near(errors, n, population, float(risk)))
    for step in range(outside - inside):
        if outside - inside <= 1:
            break
        middle = min(max(guess, inside + 1), outside - 1)
        tail = hypergeometric_tail(errors, n, middle, population)
        if tail_exceeds(tail, errors, n, middle, population, risk):
            inside = middle
        else:
            outside = middle
        points = [*points, (float(middle), math.log(tail))][-2:] if tail > 0 else []
        guess = _crossing(points, target) if len(points) == 2 and step < _GUESSES else (inside + outside) // 2
    return inside


def _near(errors: int, n: int, population: int, risk: float) -> float:
    """About where the limit will be: the binomial one, drawn in by what a finite population leaves open."""
    high = beta_high(errors, n, risk)
    return population * (errors / n + (high - errors / n) * math.sqrt(1 - n / population))


def _crossing(points: Sequence[tuple[float, float]], target: float) -> int:
    """Where the line through two points of a falling logarithm reaches the target, rounded down."""
    (first, high), (second, low) = points
    if high == low or first == second:
        return int(second)
    return math.floor(max(0.0, second + (target - low) * (second - first) / (low - high)))


def lowest_count(errors: int, n: int, population: int, risk: Fraction) -> int:
    """The smallest number of errors in the frame under which so many in the sample are likelier than the risk."""
    return population - highest_count(n - errors, n, population, risk)
