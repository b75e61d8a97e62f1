"""Files as one zip that is the same byte for byte whenever it is built from the same bytes, with a manifest in it."""

import hashlib
import io
import zipfile
from collections.abc import Mapping

MANIFEST = "MANIFEST.sha256"
_LONG_AGO = (1980, 1, 1, 0, 0, 0)
_READABLE = 0o100644 << 16
_UNIX = 3


def digest(data: bytes) -> str:
    """Hex SHA-256 of a file."""
    return hashlib.sha256(data).hexdigest()


def manifest(files: Mapping[str, bytes]) -> bytes:
    """A line a file, as `sha256sum --check` reads it."""
    return "".join(f"{digest(data)}  {name}\n" for name, data in sorted(files.items())).encode()


def zipped(files: Mapping[str, bytes], *, folder: str) -> bytes:
    """The zip: files by name, without the moment, the person or the machine."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as packed:
        for name, data in sorted({**files, MANIFEST: manifest(files)}.items()):
            entry = zipfile.ZipInfo(f"{folder}/{name}", date_time=_LONG_AGO)
            entry.compress_type, entry.external_attr, entry.create_system = zipfile.ZIP_DEFLATED, _READABLE, _UNIX
            packed.writestr(entry, data)
    return out.getvalue()
