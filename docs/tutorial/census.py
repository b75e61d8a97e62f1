"""Sets each model's estimated error rate beside the true rate over all of its answers.

python census.py METRICS.json ANSWERS.csv
"""

import csv
import json
import sys
from collections import Counter


def main(metrics: str, answers: str) -> None:
    asked, wrong = Counter[str](), Counter[str]()
    with open(answers, newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            asked[row["model"]] += 1
            wrong[row["model"]] += row["exact_match"] != "1"
    with open(metrics, encoding="utf-8") as file:
        rows = [row for row in json.load(file) if row["metric"] == "claim_error_rate"]
    estimates: dict[str, dict] = {}
    for row in rows:  # a model's own work comes before its single stages
        estimates.setdefault(row["slice"].removeprefix("model_version="), row)
    print(f"{'model':42}{'n':>5}{'estimate':>10}{'from':>8}{'to':>8}{'census':>8}")
    inside = 0
    for model in sorted(asked):
        row, census = estimates[model], wrong[model] / asked[model]
        inside += row["low"] <= census <= row["high"]
        numbers = f"{row['estimate']:>10.3f}{row['low']:>8.3f}{row['high']:>8.3f}{census:>8.3f}"
        print(f"{model:42}{row['n']:>5}{numbers}")
    print(f"the census rate lies inside {inside} of {len(asked)} intervals")


if __name__ == "__main__":
    main(*sys.argv[1:])
