"""Fills in the review file of the exam audit with the right answers: what auditors do in the workbench.

python mark.py REVIEW.csv ANSWERS.csv MARKED.csv
"""

import csv
import sys


def same(one: str, other: str) -> bool:
    """Whether two codes are the same code: without dots, in capitals."""
    return one.replace(".", "").upper() == other.replace(".", "").upper()


def right_answers(path: str) -> dict[str, dict[str, str]]:
    with open(path, newline="", encoding="utf-8") as file:
        rows = csv.DictReader(file)
        return {f"{row['run_id']}/{row['model']}/{row['item_id']}": row for row in rows}


def mark(row: dict[str, str], answer: dict[str, str]) -> None:
    right = answer["gold_code"]
    if not row["code_submitted"]:
        system = {"ICD": "ICD-10-CM"}.get(answer["code_system"], answer["code_system"])
        row.update(outcome="add", code_system=system, correct_code=right, error_type="missed")
    elif same(row["code_submitted"], right):
        row.update(outcome="agree")
    else:
        row.update(outcome="change", correct_code=right, error_type="unsupported", rationale="exam key")


def main(review: str, answers: str, marked: str) -> None:
    key = right_answers(answers)
    with open(review, newline="", encoding="utf-8") as file, open(marked, "w", newline="", encoding="utf-8") as out:
        rows = csv.DictReader(file)
        writer = csv.DictWriter(out, rows.fieldnames or [])
        writer.writeheader()
        for row in rows:
            mark(row, key[row["claim_id"]])
            writer.writerow(row)


if __name__ == "__main__":
    main(*sys.argv[1:])
