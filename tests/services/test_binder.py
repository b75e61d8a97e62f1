"""The binder: the same bytes again, proven by its own program, which notices whatever is changed."""

import csv
import io
import subprocess
import sys
import zipfile
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

import pytest

from auditor.domain.people import Role
from auditor.domain.plans import Timing
from auditor.errors import Conflict
from auditor.reports.binder_zip import manifest
from auditor.services import credentials, findings, prebill, signatures
from auditor.services.binder.build import Binder, BinderRequest, build
from auditor.services.cases import thaw
from auditor.services.findings import Review
from auditor.services.reporting import Paper
from auditor.services.review_queue import stage_under_review
from auditor.storage.cases import AuditCase
from auditor.storage.database import Database
from tests import make
from tests.domain.judgements import change, judged
from tests.practice import Practice


@pytest.fixture
def small_practice(sqlite: Database, tmp_path: Path) -> Practice:
    """A practice on SQLite, for what does not touch the engine."""
    made = Practice(database=sqlite, file=tmp_path / "claims.sqlite")
    made.fill(300)
    return made


def signed(practice: Practice, **plan: object) -> int:
    """A drawn audit, reviewed by anna, two claims in error, signed by olga."""
    return sign(practice, practice.drawn(size=12, stratify=["specialty"], **plan).audit_id)


def sign(practice: Practice, number: int) -> int:
    """The same of an audit that is drawn already."""
    with practice.database.write() as session:
        make.user(session, "olga", roles=(Role.OFFICER,), credential="CHC")
        make.user(session, "rita", roles=(Role.AUDITOR,))
        held = credentials.Certificate(title="CPC", expires_on=date(2027, 1, 1), certificate_number="01-7")
        credentials.hold(session, "rita", held, by="olga", at=make.NOON)
        for place, case in enumerate(session.query(AuditCase).filter_by(audit_id=number).order_by(AuditCase.number)):
            claim = thaw(case)
            wrong = {"l1": change("99212", correct_allowed_cents=100, rationale="=One problem.")} if place < 2 else {}
            review = Review(findings=judged(claim, stage_under_review(claim), **wrong))
            findings.record(session, case.id, review, by="rita", at=make.NOON)
        signing = signatures.Signing(audit_id=number, signer="olga", meaning="final")
        signatures.sign_off(session, signing, at=make.NOON + timedelta(days=1))
    return number


def built(practice: Practice, number: int, *, days: int = 2, frame: bool = True) -> Binder:
    request = BinderRequest(audit_id=number, paper=Paper(practice="Hill", time_zone="UTC"), with_frame=frame)
    return build(practice.database, request, by="olga", at=make.NOON + timedelta(days=days), environment={})


def unpacked(binder: Binder, folder: Path) -> Path:
    with zipfile.ZipFile(io.BytesIO(binder.data)) as packed:
        packed.extractall(folder)
    return folder / f"audit-{binder.audit_id}"


def verified(folder: Path) -> tuple[int, str]:
    run = subprocess.run(
        [sys.executable, "-I", str(folder / "verify.py")], capture_output=True, text=True, cwd="/", check=False
    )
    assert run.stderr == ""
    return run.returncode, run.stdout


def test_the_binder_is_the_same_again_and_proves_itself(practice: Practice, tmp_path: Path) -> None:
    number = signed(practice)
    first, again = built(practice, number), built(practice, number, days=9)
    assert first.data == again.data
    assert first.manifest_sha256 == again.manifest_sha256
    folder = unpacked(first, tmp_path / "binder")
    code, said = verified(folder)
    assert (code, "FAILS" in said, "unknown" in said) == (0, False, False), said
    rows = list(csv.DictReader(io.StringIO((folder / "claims.csv").read_text())))
    assert len({row["case"] for row in rows}) == 12
    wrong = [row for row in rows if row["error_type"]]
    assert {(row["correct_code"], row["correct_allowed"], row["rationale"]) for row in wrong} == {
        ("99212", "1.00", "'=One problem.")
    }
    people = list(csv.DictReader(io.StringIO((folder / "credentials.csv").read_text())))
    assert [(row["name"], row["certificate"], row["valid_when_last_acting"]) for row in people] == [
        ("olga", "", ""),
        ("rita", "CPC", "yes"),
    ]


@pytest.mark.parametrize("hidden", [False, True])
def test_whatever_is_changed_in_it_is_noticed_even_with_a_new_manifest(
    small_practice: Practice, tmp_path: Path, hidden: bool
) -> None:
    folder = unpacked(built(small_practice, signed(small_practice)), tmp_path / "binder")
    whole = {path.name: path.read_bytes() for path in folder.iterdir()}
    (row, *_) = [line for line in whole["claims.csv"].decode().splitlines() if ",change," in line]
    frame = whole["frame.csv"].decode().splitlines()
    drawn = whole["selections.csv"].decode().splitlines()
    changes = {
        "claims.csv": whole["claims.csv"].decode().replace(row, row.replace(",change,upcoded,", ",agree,,")),
        "frame.csv": "\n".join([*frame[:5], *frame[6:]]) + "\n",
        "certificate.json": whole["certificate.json"].decode().replace('"seed": "', '"seed": "0'),
        "log.jsonl": whole["log.jsonl"].decode().replace('"by\\":\\"olga', '"by\\":\\"otto'),
        "content.txt": whole["content.txt"].decode().replace("99212", "99211"),
        "selections.csv": "\n".join(drawn[:-1]) + "\n",
        "checkpoint.json": whole["checkpoint.json"].decode().replace('"number": ', '"number": 1'),
    }
    for name, text in changes.items():
        assert text.encode() != whole[name], name
        (folder / name).write_text(text)
        if hidden:
            files = {p.name: p.read_bytes() for p in folder.iterdir() if p.name != "MANIFEST.sha256"}
            (folder / "MANIFEST.sha256").write_bytes(manifest(files))
        code, said = verified(folder)
        assert (code, "FAILS" in said) == (1, True), (name, said)
        for other, data in whole.items():
            (folder / other).write_bytes(data)
    assert verified(folder)[0] == 0


def test_the_binder_of_a_rolling_selection_proves_its_tickets(small_practice: Practice, tmp_path: Path) -> None:
    practice = small_practice
    plan = {"timing": Timing.PREBILL, "prebill_rate": Fraction(1, 10), "hold_days": 5, "auditors": ["rita"]}
    number = practice.open(**plan)
    look = prebill.Look(audit_id=number, on=date(2026, 1, 1))
    assert prebill.take_arrivals(practice.database, look, by="olga", at=make.NOON, environment={}).closed
    folder = unpacked(built(practice, sign(practice, number)), tmp_path / "binder")
    code, said = verified(folder)
    assert (code, "FAILS" in said) == (0, False), said
    assert "holds   each ticket lies below the rate of the rolling selection" in said
    protocol = folder / "protocol.json"
    protocol.write_text(protocol.read_text().replace('"prebill_rate": "1/10"', '"prebill_rate": "1/20"'))
    files = {path.name: path.read_bytes() for path in folder.iterdir() if path.name != "MANIFEST.sha256"}
    (folder / "MANIFEST.sha256").write_bytes(manifest(files))
    code, said = verified(folder)
    assert code == 1
    assert "FAILS   each ticket lies below the rate of the rolling selection" in said


def test_a_frame_that_changed_is_refused_and_left_out_on_demand(small_practice: Practice, tmp_path: Path) -> None:
    practice = small_practice
    number = signed(practice)
    practice.sql("DELETE FROM claims WHERE claim_id = (SELECT max(claim_id) FROM claims)")
    with pytest.raises(Conflict, match="not as it was at the draw: build with --without-frame"):
        built(practice, number)
    code, said = verified(unpacked(built(practice, number, frame=False), tmp_path / "binder"))
    assert (code, "the frame is not in this binder" in said) == (0, True)


def test_a_reopened_audit_says_so_in_its_binder(small_practice: Practice, tmp_path: Path) -> None:
    practice = small_practice
    number = signed(practice)
    with practice.database.write() as session:
        signatures.reopen(session, audit_id=number, by="olga", at=make.NOON + timedelta(days=3))
    code, said = verified(unpacked(built(practice, number), tmp_path / "binder"))
    assert code == 1
    assert "FAILS   the content is what olga signed" in said
