"""How long reviews take, as measured while people work: idle time is left out where it is measured."""

from auditor.services.seats import Seat

_MOST_SECONDS = 3_600


def add(seat: Seat, seconds: int) -> None:
    """Add a stretch of work to the time of a review; what is longer than an hour at once is cut to one."""
    seat.work.seconds_spent += min(max(seconds, 0), _MOST_SECONDS)
