"""STARTTLS and login against a real server: mail goes encrypted and authenticated, or not at all."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from auditor.mail.smtp import SmtpTransport
from auditor.mail.transports import NotTaken
from tests.mail.servers import Inbox, free_port


def certificate(folder: Path) -> Path:
    """A self-signed certificate of 127.0.0.1 with its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file = folder / "server.pem"
    file.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return file


def knows(server: object, session: object, envelope: object, mechanism: str, data: object) -> AuthResult:
    """The one login that the server knows."""
    right = isinstance(data, LoginPassword) and (data.login, data.password) == (b"hill", b"secret")
    return AuthResult(success=right)


@contextmanager
def secure_server(folder: Path, inbox: Inbox) -> Iterator[tuple[int, ssl.SSLContext]]:
    """A server that takes mail after STARTTLS and login alone, and a context that trusts it."""
    pem = certificate(folder)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    port = free_port()
    controller = Controller(
        inbox,
        hostname="127.0.0.1",
        port=port,
        tls_context=context,
        require_starttls=True,
        authenticator=knows,
        auth_required=True,
    )
    controller.start()
    try:
        yield port, ssl.create_default_context(cafile=str(pem))
    finally:
        controller.stop()


def hello() -> EmailMessage:
    """A small message, with a line that begins with a dot."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "a@hill.example", "mia@hill.example", "hello"
    message.set_content("one\n.two\n")
    return message


def test_mail_goes_out_by_starttls_and_login_and_dots_survive(tmp_path: Path) -> None:
    inbox = Inbox()
    with secure_server(tmp_path, inbox) as (port, context):
        SmtpTransport(
            host="127.0.0.1", port=port, security="starttls", username="hill", password="secret", context=context
        ).send(hello())
    assert b"\r\n.two\r\n" in inbox.messages[0]


@pytest.mark.parametrize(
    ("username", "password", "trusted"), [("hill", "wrong", True), ("", "", True), ("hill", "secret", False)]
)
def test_a_wrong_login_none_and_a_server_not_trusted_send_nothing(
    tmp_path: Path, username: str, password: str, trusted: bool
) -> None:
    inbox = Inbox()
    with secure_server(tmp_path, inbox) as (port, context):
        transport = SmtpTransport(
            host="127.0.0.1",
            port=port,
            security="starttls",
            username=username,
            password=password,
            timeout_seconds=3,
            context=context if trusted else None,
        )
        with pytest.raises(NotTaken) as refused:
            transport.send(hello())
    assert inbox.messages == []
    assert "secret" not in str(refused.value)
