"""Auditors at work on a served workbench, each thinking between actions: what each took, and what was saved."""

import http.client
import json
import re
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random
from threading import Barrier, Thread
from time import monotonic, perf_counter, sleep
from urllib.parse import urlencode, urlsplit

from auditor.benchmarks.workbench_claims import SERVED_ON
from auditor.errors import Unavailable

_CSRF = re.compile(r'name="csrf_token" value="([0-9a-f]{64})"')
_NEXT = re.compile(r'id="next" href="/cases/(\d+)"')
_AUDIT = re.compile(r"Audit (\d+)<")
_TIMEOUT = 30
ROUND = 5  # times that an auditor thinks between one queue and the next
# As they are typed, letter by letter: beginnings of codes, words that are frequent, rare, and in no title.
_TYPED = (
    tuple(
        word[:length]
        for word in (
            "I25.11",
            "S72",
            "J1100",
            "hypertension",
            "fracture left",
            "chronic kidney",
            "wheelchair",
            "zzyzx",
        )
        for length in range(2, len(word) + 1)
    )
    * 3
)
_SEE_OTHER = 303
_OK = 200


@dataclass(frozen=True, kw_only=True)
class Shift:
    """Where the workbench is, who works there, for how long, and how long each thinks between two actions."""

    address: str
    names: Sequence[str]
    password: str
    seconds: float
    think: float


@dataclass(frozen=True, kw_only=True)
class Action:
    """One request: what it was, what it took in seconds, and its status; `among_all` once everybody is at work."""

    kind: str
    seconds: float
    status: int
    among_all: bool = True


@dataclass(kw_only=True)
class Work:
    """What was done: every action, the keys of acknowledged saves, and the cases that were finished."""

    actions: list[Action] = field(default_factory=list)
    saved: list[str] = field(default_factory=list)
    finished: list[int] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)


def work(shift: Shift, *, begun: Callable[[], None]) -> Work:
    """Let everybody log in, then work at once until the time is over; `begun` is called between the two.

    Each begins at another moment of a round, since people at work are not in step: where all began within a second,
    all would save in the same second for ever after.
    """
    barrier = Barrier(len(shift.names), action=begun)
    people = [_Auditor(shift, name, barrier) for name in shift.names]
    for person in people:
        person.start()
    done = Work()
    for person in people:
        person.join()
        for name in ("actions", "saved", "finished", "failures"):
            getattr(done, name).extend(getattr(person.work, name))
    return done


def first_cases(shift: Shift, count: int) -> Work:
    """So many auditors review a case each, one by one: a server that has just begun is another question."""
    done = Work()
    for name in shift.names[:count]:
        person = _Auditor(shift, name, Barrier(1))
        person.log_in()
        person.review_one()
        done.saved += person.work.saved
        done.finished += person.work.finished
    return done


def search(shift: Shift, kind: str) -> list[Action]:
    """One auditor looks up codes by their beginning and by words, one after another and nobody else at work."""
    person = _Auditor(shift, shift.names[0], Barrier(1))
    person.log_in()
    for typed in _TYPED:
        person.look_up(kind, typed)
    return person.work.actions


class _Auditor(Thread):
    def __init__(self, shift: Shift, name: str, barrier: Barrier) -> None:
        super().__init__(daemon=True)
        host, port = urlsplit(shift.address).hostname, urlsplit(shift.address).port
        self._shift, self._name_, self._barrier, self.work = shift, name, barrier, Work()
        self._line = http.client.HTTPConnection(str(host), port, timeout=_TIMEOUT)
        self._cookie, self._csrf, self._all_from = "", "", 0.0

    def run(self) -> None:
        """Log in, wait for the others, work; what goes wrong is noted and ends the shift of this one person."""
        try:
            self.log_in()
            self._barrier.wait(timeout=120)
            self._all_from = monotonic() + ROUND * self._shift.think
            sleep(Random(self._name_).random() * ROUND * self._shift.think)  # noqa: S311
            self._line.close()  # the server closes what is idle for so long, as browsers know
            while monotonic() < self._all_from + self._shift.seconds:
                self.review_one()
        except (OSError, http.client.HTTPException, RuntimeError, LookupError, Unavailable) as error:
            self.work.failures.append(f"{type(error).__name__}: {error}"[:200])

    def log_in(self) -> None:
        """Log in, which counts as no action."""
        page = self._ask("login", "GET", "/login")
        fields = {"username": self._name_, "password": self._shift.password, "next": "/account"}
        form = urlencode({"csrf_token": _found(_CSRF, page), **fields})
        self._ask("login", "POST", "/login", form, "application/x-www-form-urlencoded")
        self._csrf = _found(_CSRF, self._ask("login", "GET", "/account"))
        self.work.actions.clear()

    def look_up(self, kind: str, typed: str) -> None:
        """Search the code lists for what was typed."""
        self._ask(kind, "GET", f"/codes?{urlencode({'q': typed, 'on': SERVED_ON.isoformat()})}")

    def review_one(self) -> None:
        """The next case of the queue, from the queue to the page of its audit."""
        queue = self._ask("queue", "GET", "/review")
        self._think()
        if not (following := _NEXT.search(queue)):
            raise Unavailable(f"no case waits for {self._name_} any more: fill a new database")
        case = int(following[1])
        page = self._ask("case", "GET", f"/cases/{case}")
        self._think()
        revision = self._save(case, {"agree_rest": True, "seconds": 2}, 0)
        self._think()
        self._save(case, {"finished": True, "seconds": 1}, revision)
        self.work.finished.append(case)
        self._think()
        self._ask("audit page", "GET", f"/audits/{_found(_AUDIT, page)}")
        self._think()

    def _save(self, case: int, change: dict[str, object], revision: int) -> int:
        key = str(uuid.uuid4())
        body = json.dumps({"key": key, "revision": revision, **change})
        told = json.loads(self._ask("save", "POST", f"/cases/{case}/changes", body, "application/json"))
        self.work.saved.append(key)
        return int(told["revision_after"])

    def _think(self) -> None:
        sleep(self._shift.think)

    def _ask(self, kind: str, method: str, path: str, body: str | None = None, form: str = "") -> str:
        headers = {"cookie": self._cookie, "x-csrf-token": self._csrf, "accept-encoding": "identity"}
        if form:
            headers |= {"content-type": form}
        if form == "application/json":
            headers |= {"accept": form}
        started = perf_counter()
        self._line.request(method, path, body, headers)
        answer = self._line.getresponse()
        text = answer.read().decode()
        seconds, among_all = perf_counter() - started, monotonic() >= self._all_from
        self.work.actions.append(Action(kind=kind, seconds=seconds, status=answer.status, among_all=among_all))
        for cookie in answer.headers.get_all("set-cookie") or ():
            name, _, value = cookie.partition(";")[0].partition("=")
            self._cookie = f"{name}={value}" if value and value != '""' else self._cookie
        if answer.status not in (_OK, _SEE_OTHER):
            raise RuntimeError(f"{method} {path} answered {answer.status}")
        return text


def _found(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    if found is None:
        raise RuntimeError(f"the page holds no {pattern.pattern[:40]}")
    return found[1]


def refuse_elsewhere(address: str) -> None:
    """Unavailable unless an address is on this machine: the load is for one's own workbench."""
    if urlsplit(address).hostname not in ("127.0.0.1", "::1", "localhost"):
        raise Unavailable("the load goes to this machine alone: serve on 127.0.0.1")
