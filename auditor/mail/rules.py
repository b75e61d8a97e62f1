"""What a run of the monitors, a run of what is due, and the mail take from the settings."""

from secrets import token_hex
from typing import TYPE_CHECKING

from auditor.domain.audits import SEED_BYTES
from auditor.errors import BadInput
from auditor.mail.letterheads import letterhead
from auditor.services.monitoring.costs import CostModel
from auditor.services.monitoring.run import RunRules

if TYPE_CHECKING:  # what writes and sends mail is loaded by who does so: a run of the monitors spares its memory
    from auditor.mail.deliver import Sender
    from auditor.mail.due_run import DueRules
    from auditor.mail.transports import Transport
    from auditor.settings import Settings


def run_rules(settings: "Settings") -> RunRules:
    """False-alarm budget, costs and letterhead."""
    return RunRules(
        false_mails_a_year=settings.false_mails_a_year,
        costs=CostModel(rework_cents=round(settings.costs.rework * 100)),
        letterhead=letterhead(settings),
        environment=settings.environment,
        escalate_days=settings.notices.escalate_days,
        own_rules=settings.guidelines_path,
    )


def due_rules(settings: "Settings") -> "DueRules":
    """What `run-due` works by; seeds of audits are fresh."""
    from auditor.mail.due_run import DueRules
    from auditor.services.due_audits import AuditRules

    audits = AuditRules(
        new_seed=lambda: token_hex(SEED_BYTES), environment=settings.environment, letterhead=letterhead(settings)
    )
    return DueRules(audits=audits, monitors=run_rules(settings))


def sender_of(settings: "Settings") -> "Sender":
    """How mail leaves, as the settings say."""
    from auditor.mail.deliver import Sender
    from auditor.mail.files import FileTransport
    from auditor.mail.smtp import SmtpTransport

    own = settings.mail
    transport: Transport
    if own.transport == "file":
        transport = FileTransport(folder=settings.mail_folder)
    elif own.transport == "smtp":
        transport = SmtpTransport(
            host=own.host, port=own.port, security=own.security, username=own.username, password=own.password
        )
    else:
        raise BadInput(f"mail.transport is {own.transport!r}: write file or smtp")
    return Sender(
        transport=transport, sender=own.sender, practice=settings.practice, environment=settings.environment
    )
