"""The files inside a file: zip members, a gzip's content, or the file itself. Knows nothing of what they hold."""

import gzip
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import IO, cast

from auditor.errors import BadInput

_WORKBOOKS = {".xlsx", ".xlsm"}  # zip files that are not archives
_HIDDEN = ("__MACOSX", ".")


@dataclass(frozen=True)
class Member:
    """One file, by name, to be opened as often as needed."""

    name: str
    open: Callable[[], IO[bytes]]

    @property
    def ending(self) -> str:
        """The last part of the name in small letters, without `.gz`."""
        name = self.name.lower().removesuffix(".gz")
        return PurePosixPath(name).suffix

    def whole(self) -> BytesIO:
        """The content in memory, for formats that must be read back and forth."""
        with self.open() as stream:
            return BytesIO(stream.read())


@contextmanager
def opened(path: Path) -> Iterator[list[Member]]:
    """The files in a file; damage, found now or while reading, is one sentence."""
    try:
        if zipfile.is_zipfile(path) and path.suffix.lower() not in _WORKBOOKS:
            with zipfile.ZipFile(path) as archive:
                yield [
                    Member(name, lambda name=name: archive.open(name))  # type: ignore[misc]
                    for name in archive.namelist()
                    if not name.endswith("/") and not name.startswith(_HIDDEN)
                ]
        elif path.suffix.lower() == ".zip":
            raise BadInput(f"{path} is not a whole zip file: download it again")
        elif path.suffix.lower() == ".gz":
            yield [Member(path.name, lambda: cast(IO[bytes], gzip.GzipFile(path)))]
        else:
            yield [Member(path.name, lambda: path.open("rb"))]
    except (zipfile.BadZipFile, gzip.BadGzipFile, zlib.error, EOFError) as error:
        raise BadInput(f"{path} is cut off or damaged: download it again") from error
    except (FileNotFoundError, IsADirectoryError, PermissionError) as error:
        raise BadInput(f"{path} cannot be read: name a file that is there and may be read") from error
