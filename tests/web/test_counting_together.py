"""Several server processes have one process count for them."""

from multiprocessing import Pipe
from queue import SimpleQueue

from auditor.services.reporting import Paper
from auditor.web.counting_together import Asking, Exchange

PAPER = Paper(practice="Elm Street", time_zone="UTC")


class Told:
    """Notes what it is told, for a test to wait for."""

    def __init__(self):
        self.heard = SimpleQueue()

    def ask(self, *asked):
        self.heard.put(asked)
        return True

    def __call__(self, *made):
        self.heard.put(made)

    def next(self):
        return self.heard.get(timeout=20)


def test_one_asks_and_all_get_what_was_made():
    ends = [Pipe() for _ in range(2)]
    counter, exchange = Told(), Exchange([ours for ours, _ in ends])
    taken = [Told(), Told()]
    asking = [Asking(theirs, take, Told()) for (_, theirs), take in zip(ends, taken, strict=True)]
    exchange.listen(counter)
    assert asking[1].ask(7, PAPER)
    assert counter.next() == (7, PAPER)
    exchange.take("numbers of audit 7")
    assert [each.next() for each in taken] == [("numbers of audit 7",)] * 2


def test_who_is_left_alone_learns_it():
    ours, theirs = Pipe()
    left = Told()
    asking = Asking(theirs, Told(), left)
    ours.close()
    assert left.next() == ()
    assert not asking.ask(7, PAPER)


def test_who_has_ended_keeps_nobody_from_getting_what_was_made():
    ends = [Pipe() for _ in range(2)]
    counter, exchange = Told(), Exchange([ours for ours, _ in ends])
    taken = Told()
    asking = Asking(ends[1][1], taken, Told())
    ends[0][1].close()
    exchange.listen(counter)
    exchange.take("numbers")
    assert taken.next() == ("numbers",)
    assert asking.ask(8, PAPER)
    assert counter.next() == (8, PAPER)
