"""Loads the CMS RIF files into PostgreSQL as they are: one table a file, every column text.

python load_rif.py FOLDER postgresql://USER:PASSWORD@HOST/NAME        (postgresql+psycopg:// will do)
"""

import csv
import sys
from pathlib import Path

import psycopg
from psycopg import sql


def load(connection: psycopg.Connection, file: Path) -> int:
    with file.open(newline="", encoding="utf-8") as lines:
        rows = csv.reader(lines, delimiter="|")
        names = [sql.Identifier(name.lower()) for name in next(rows)]
        table = sql.Identifier(file.stem)
        columns = sql.SQL(", ").join(name + sql.SQL(" text") for name in names)
        connection.execute(sql.SQL("CREATE TABLE {} ({})").format(table, columns))
        with connection.cursor().copy(sql.SQL("COPY {} FROM STDIN").format(table)) as copy:
            count = 0
            for row in rows:
                copy.write_row([value or None for value in row])
                count += 1
    return count


def main(folder: str, url: str) -> None:
    with psycopg.connect(url.replace("postgresql+psycopg://", "postgresql://", 1)) as connection:
        for file in sorted(Path(folder).glob("*.csv")):
            print(f"{file.stem}: {load(connection, file)} lines")


if __name__ == "__main__":
    main(*sys.argv[1:])
