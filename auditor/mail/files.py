"""Writes each message as an .eml file into a folder, for practices without a mail server and for looking at."""

import os
import re
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

from auditor.mail.transports import NotTaken

_UNSAFE = re.compile(r"[^A-Za-z0-9.-]+")


@dataclass(frozen=True, kw_only=True)
class FileTransport:
    """A folder; a message of the same Message-ID takes the same file."""

    folder: Path

    def send(self, message: EmailMessage) -> None:
        """Write the message; the file appears whole or not at all."""
        name = _UNSAFE.sub("-", str(message["Message-ID"]).strip("<>").partition("@")[0])
        stamp = message["Date"].datetime.strftime("%Y%m%dT%H%M%S")
        target = self.folder / f"{stamp}-{name}.eml"
        draft = target.with_suffix(".part")
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            draft.write_bytes(message.as_bytes(policy=message.policy.clone(linesep="\r\n")))
            os.replace(draft, target)
        except OSError as error:
            raise NotTaken(f"the mail folder cannot be written ({type(error).__name__})") from error
