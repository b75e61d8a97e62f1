"""Verifies an unpacked binder. Needs Python 3.9 or later and nothing else: python verify.py

It recomputes every digest with hashlib: the files, the committed seed, the tickets, the draw from the frame, the frame's
own digest, the content that was signed, and the chain of the event log. Exit 0 when everything holds, 1 when not.
"""

import csv
import hashlib
import json
import sys
from collections import defaultdict
from pathlib import Path

HERE = Path(__file__).resolve().parent
FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n")
failures = []


def sha256(text):
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def report(holds, what, wrong=()):
    mark = {True: "holds   ", False: "FAILS   ", None: "unknown "}[holds]
    print(mark + what)
    for line in list(wrong)[:5]:
        print("          " + str(line))
    if holds is False:
        failures.append(what)


def plain(text):
    """A cell as it was before it was made harmless for spreadsheets."""
    return text[1:] if text.startswith("'") and text[1:].startswith(FORMULAS + ("'",)) else text


def table(name):
    with open(HERE / name, encoding="utf-8", newline="") as file:
        return [{key: plain(value) for key, value in row.items()} for row in csv.DictReader(file)]


def document(name):
    return json.loads((HERE / name).read_text(encoding="utf-8"))


def files():
    listed, wrong = {}, []
    for line in (HERE / "MANIFEST.sha256").read_text(encoding="utf-8").splitlines():
        digest, name = line.split("  ", 1)
        listed[name] = digest
    for name, digest in listed.items():
        path = HERE / name
        if not path.is_file():
            wrong.append(name + " is missing")
        elif hashlib.sha256(path.read_bytes()).hexdigest() != digest:
            wrong.append(name + " was changed")
    extra = {p.name for p in HERE.iterdir() if p.is_file()} - set(listed) - {"MANIFEST.sha256"}
    wrong += [name + " does not belong to the binder" for name in sorted(extra)]
    report(not wrong, "every file is as the manifest lists it", wrong)


def log():
    entries = [json.loads(line) for line in (HERE / "log.jsonl").read_text(encoding="utf-8").splitlines()]
    wrong, before = [], None
    for entry in entries:
        fields = {name: entry[name] for name in ("number", "at", "kind", "body", "previous_sha256")}
        text = json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        if sha256(text) != entry["sha256"]:
            wrong.append("entry %d does not match its hash" % entry["number"])
        if before and (entry["previous_sha256"], entry["number"]) != (before["sha256"], before["number"] + 1):
            wrong.append("entry %d does not follow the entry before it" % entry["number"])
        before = entry
    head = document("checkpoint.json")
    if not before or (before["number"], before["sha256"]) != (head["number"], head["sha256"]):
        wrong.append("the last entry is not the checkpoint")
    report(not wrong, "the event log is an unbroken chain up to the checkpoint", wrong)
    return [(entry["number"], entry["kind"], json.loads(entry["body"])) for entry in entries]


def seed(certificate, entries):
    audit, digest = certificate["audit_id"], sha256(certificate["seed"])
    report(digest == certificate["seed_sha256"], "the seed has the hash that the certificate names")
    opened = [(n, b) for n, kind, b in entries if kind == "audit.opened" and b.get("audit") == audit]
    drawn = [n for n, kind, b in entries if kind == "audit.drawn" and b.get("audit") == audit]
    if certificate["seed_source"] == "supplied":
        report(None, "the seed was typed by hand: it was not committed before the frame was known")
        return
    fine = bool(opened and drawn) and opened[0][1].get("seed_sha256") == digest and opened[0][0] < drawn[0]
    report(fine, "the seed's hash was logged when the audit opened, before the draw")


def draw(certificate, protocol):
    chosen = table("selections.csv")
    chance = [row for row in chosen if row["method"] == "probability"]
    wrong = [
        "case " + row["case"] for row in chosen if sha256(certificate["seed"] + "," + row["item_id"]) != row["ticket"]
    ]
    report(not wrong, "each ticket is the SHA-256 of seed and id", wrong)
    plan = protocol["plan"]
    if plan.get("timing") == "prebill":
        above, below = (int(part) for part in (str(plan["prebill_rate"]) + "/1").split("/")[:2])
        late = ["case " + row["case"] for row in chance if int(row["ticket"], 16) * below >= above * 2**256]
        report(not late, "each ticket lies below the rate of the rolling selection", late)
        return
    if not (HERE / "frame.csv").is_file():
        report(None, "the frame is not in this binder: the draw itself was not repeated")
        return
    frame = table("frame.csv")
    strata = defaultdict(list)
    for unit in frame:
        strata[unit["stratum"]].append((sha256(certificate["seed"] + "," + unit["item_id"]), unit["item_id"]))
    taken = defaultdict(set)
    for row in chance:
        taken[row["stratum"]].add(row["item_id"])
    wrong = []
    for name, items in taken.items():
        smallest = {item for _, item in sorted(strata.get(name, []))[: len(items)]}
        if smallest != items:
            wrong.append("stratum %s: %d other units have smaller tickets" % (name, len(smallest - items)))
    report(not wrong, "drawn again from the frame, the sample is the same", wrong)
    digest, count, paid = frame_digest(frame, certificate["seed"])
    same = (digest, count, paid) == (
        certificate["frame_sha256"],
        certificate["frame_claims"],
        certificate["frame_paid_cents"],
    )
    report(same, "count, dollars and digest of the frame are those of the certificate")


def frame_digest(frame, seed_text):
    buckets = defaultdict(lambda: [0, 0, 0, 0])
    for unit in frame:
        prefix = sha256(seed_text + "," + unit["item_id"])[:2]
        row = sha256(",".join((unit["item_id"], unit["stratum"], unit["paid_cents"])))
        bucket = buckets[unit["stratum"], prefix]
        bucket[0] += 1
        bucket[1] += int(unit["paid_cents"] or 0)
        for word in range(2):
            bucket[2 + word] += int(row[15 * word : 15 * word + 15], 16)
    lines = defaultdict(str)
    for (stratum, prefix), bucket in sorted(buckets.items(), key=lambda pair: (pair[0][0].encode(), pair[0][1])):
        lines[stratum] += "%s,%s\n" % (prefix, sha256(",".join(map(str, bucket))))
    whole = "".join("%s,%s\n" % (sha256(text), stratum) for stratum, text in lines.items())
    return sha256(whole), sum(b[0] for b in buckets.values()), sum(b[1] for b in buckets.values())


def content(entries, certificate):
    text = (HERE / "content.txt").read_text(encoding="utf-8")
    digest = sha256(text)
    signatures = table("signatures.csv")
    if not signatures:
        report(None, "nobody has signed this audit")
    else:
        newest = signatures[-1]
        logged = [b for _, kind, b in entries if kind == "audit.signed" and b.get("audit") == certificate["audit_id"]]
        fine = not newest["tainted_at"] and newest["content_sha256"] == digest
        fine = fine and any(body.get("content_sha256") == digest for body in logged)
        report(fine, "the content is what %s signed, and the log has its digest" % newest["signer"])
    found = defaultdict(list)
    for line in text.splitlines()[1:]:
        kind, _, rest = line.partition(" ")
        found[kind].append(json.loads(rest))
    tickets = {(row["item_id"], row["ticket"], row["method"]) for row in table("selections.csv")}
    same = tickets == {(row["item_id"], row["ticket"], row["method"]) for row in found["selection"]}
    report(same, "the selections are those of the content")
    shown = [
        (row["case"], row["line"], row["outcome"], row["error_type"]) for row in table("claims.csv") if row["outcome"]
    ]
    known = {
        (str(r["case"]), r["line"], r["outcome"], r["error_type"] or "")
        for r in found["finding"]
        if not r["withdrawn"]
    }
    wrong = ["case %s, line %s" % each[:2] for each in shown if each not in known]
    report(not wrong, "each finding of the claims table is one of the content", wrong)
    digests = {str(row["number"]): row["claim"] for row in found["case"]}
    same = digests == {row["case"]: row["claim_sha256"] for row in table("cases.csv")}
    report(same, "the digests of the frozen claims are those of the content")


def main():
    certificate, protocol = document("certificate.json"), document("protocol.json")
    files()
    entries = log()
    seed(certificate, entries)
    draw(certificate, protocol)
    content(entries, certificate)
    print()
    print("%d checks fail" % len(failures) if failures else "everything that can be checked holds")
    return 1 if failures else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (OSError, KeyError, ValueError, TypeError) as error:
        print("FAILS   the binder cannot be read: %s: %s" % (type(error).__name__, error))
        sys.exit(1)
