"""Writes the errors of one model's answers and then another's as a stream of 0 and 1, in order of time.

Only full rounds count: smaller ones asked again what had been missed.

python stream.py ANSWERS.csv FIRST_MODEL SECOND_MODEL STREAM.csv
"""

import csv
import sys


def main(answers: str, first: str, second: str, stream: str) -> None:
    with open(answers, newline="", encoding="utf-8") as file:
        rows = sorted(csv.DictReader(file), key=lambda row: row["answered_at"])
    rows = [row for row in rows if row["round_size"] == "100"]
    before = ["0" if row["exact_match"] == "1" else "1" for row in rows if row["model"] == first]
    after = ["0" if row["exact_match"] == "1" else "1" for row in rows if row["model"] == second]
    with open(stream, "w", encoding="utf-8") as out:
        out.write("\n".join(before + after) + "\n")
    print(f"baseline: {before.count('1')} errors in {len(before)} answers; {second} begins at index {len(before)}")


if __name__ == "__main__":
    main(*sys.argv[1:])
