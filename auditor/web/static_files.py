"""The files that pages ask for, from memory. Their address holds a digest of them all, so browsers may keep them.

A module of ours imports its neighbours by relative paths, which the digest in the folder's name keeps true.
"""

import gzip
import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from starlette.responses import Response

from auditor.errors import NotFound
from auditor.reports.templates import source
from auditor.web.visits import Visit

_FOLDER = Path(__file__).parent / "static"
_TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}
_KEPT = "public, max-age=31536000, immutable"
_DIGEST_SHOWN = 16


@dataclass(frozen=True, kw_only=True)
class _File:
    media_type: str
    plain: bytes
    packed: bytes


@cache
def _files() -> dict[str, _File]:
    found = {path.name: path.read_bytes() for path in sorted(_FOLDER.iterdir()) if path.suffix in _TYPES}
    found["charts.css"] = source("report/chart.css").encode()
    return {
        name: _File(media_type=_TYPES[Path(name).suffix], plain=data, packed=gzip.compress(data, mtime=0))
        for name, data in found.items()
    }


@cache
def _digest() -> str:
    whole = hashlib.sha256()
    for name, file in sorted(_files().items()):
        whole.update(f"{name},{len(file.plain)},".encode() + file.plain)
    return whole.hexdigest()[:_DIGEST_SHOWN]


def address(name: str) -> str:
    """Where a page finds a file; ValueError when there is none of that name."""
    if name not in _files():
        raise ValueError(f"there is no static file {name}")
    return f"/static/{_digest()}/{name}"


def static_file(visit: Visit) -> Response:
    """One of the files."""
    parts = visit.request.path_params
    file = _files().get(parts["name"])
    if file is None or parts["digest"] != _digest():
        raise NotFound("this file is of another version: reload the page")
    headers = {"cache-control": _KEPT, "vary": "accept-encoding"}
    if "gzip" in visit.request.headers.get("accept-encoding", ""):
        packed = headers | {"content-encoding": "gzip"}
        return Response(file.packed, media_type=file.media_type, headers=packed)
    return Response(file.plain, media_type=file.media_type, headers=headers)
