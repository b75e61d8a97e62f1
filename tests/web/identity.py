"""A real OpenID Connect provider on a port of this machine: it keeps the rules, and can be told to break one."""

import hmac
import json
import threading
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT, SECRET = "auditor", "the-client-secret"


@dataclass
class Provider:
    """Who logs in (`person`), the moment, and what is wrong with its tokens, if anything."""

    address: str
    now: int
    person: dict[str, Any] = field(default_factory=lambda: {"email": "anna@practice.example", "email_verified": True})
    wrong: dict[str, Any] = field(default_factory=dict)
    issuer: str | None = None
    signing: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "k1", "use": "sig"}))
    published: RSAKey | None = None
    algorithm: str = "RS256"
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)

    def discovery(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer or self.address,
            "authorization_endpoint": f"{self.address}/authorize",
            "token_endpoint": f"{self.address}/token",
            "jwks_uri": f"{self.address}/keys",
        }

    def keys(self) -> dict[str, Any]:
        return {"keys": [(self.published or self.signing).as_dict(private=False)]}

    def authorize(self, asked: dict[str, str]) -> str:
        """Log the person in, and send them back with a code."""
        assert (asked["response_type"], asked["client_id"]) == ("code", CLIENT)
        assert (asked["code_challenge_method"], "openid" in asked["scope"].split()) == ("S256", True)
        code = f"code-{len(self.codes)}"
        self.codes[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def token(self, sent: dict[str, str]) -> dict[str, Any] | None:
        """A token for a code, once, to whoever asked for it and knows the verifier."""
        asked = self.codes.pop(sent.get("code", ""), None)
        challenge = _packed(sha256(sent.get("code_verifier", "").encode()).digest())
        right = asked is not None and (
            asked["code_challenge"],
            asked["redirect_uri"],
            sent.get("client_id"),
            sent.get("client_secret"),
        ) == (challenge, sent.get("redirect_uri"), CLIENT, SECRET)
        if not right or asked is None:
            self.refused.append(sent.get("code", ""))
            return None
        said = {
            "iss": self.address,
            "aud": CLIENT,
            "sub": "7",
            "iat": self.now,
            "exp": self.now + 300,
            "nonce": asked["nonce"],
            **self.person,
            **self.wrong,
        }
        return {"id_token": self.sealed(said), "access_token": "x", "token_type": "Bearer"}

    def sealed(self, said: dict[str, Any]) -> str:
        """The claims as a signed token."""
        if self.algorithm in ("none", "HS256"):
            return self.forged(said)
        return jwt.encode({"alg": self.algorithm, "kid": "k1"}, said, self.signing, algorithms=[self.algorithm])

    def forged(self, said: dict[str, Any]) -> str:
        """What an attacker can make: no signature, or one with the public key taken for a shared secret."""
        head = _packed(json.dumps({"alg": self.algorithm, "kid": "k1"}).encode())
        signed = f"{head}.{_packed(json.dumps(said).encode())}"
        seal = hmac.digest(self.signing.as_pem(private=False), signed.encode(), "sha256")
        return f"{signed}.{_packed(seal) if self.algorithm == 'HS256' else ''}"


def _packed(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


@contextmanager
def provider(now: int) -> Iterator[Provider]:
    """The provider, listening."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    made = Provider(address=f"http://127.0.0.1:{server.server_port}", now=now)
    server.provider = made  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield made
    finally:
        server.shutdown()
        thread.join(timeout=10)
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        made: Provider = self.server.provider  # type: ignore[attr-defined]
        parts = urlsplit(self.path)
        if parts.path == "/authorize":
            self.send_response(302)
            self.send_header("location", made.authorize(dict(parse_qsl(parts.query))))
            self.end_headers()
            return
        self._json({"/.well-known/openid-configuration": made.discovery, "/keys": made.keys}[parts.path]())

    def do_POST(self) -> None:
        made: Provider = self.server.provider  # type: ignore[attr-defined]
        body = self.rfile.read(int(self.headers["content-length"])).decode()
        answer = made.token({name: values[0] for name, values in parse_qs(body).items()})
        self._json(answer or {"error": "invalid_grant"}, status=200 if answer else 400)

    def _json(self, document: dict[str, Any], *, status: int = 200) -> None:
        body = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name that the class has
        """Say nothing."""
