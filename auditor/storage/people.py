"""People who use the product, what they are certified in, and when they are away."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from auditor.storage.base import Base, Key
from auditor.storage.types import Json, Moment


class User(Base):
    """A person. `roles` is a list of `domain.people.Role` values; nobody is deleted, only disabled.

    `time_zone` is that in which moments are shown to this person; None is the practice's.
    """

    __tablename__ = "users"

    id: Mapped[Key]
    name: Mapped[str] = mapped_column(String(80), unique=True)
    display_name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str | None] = mapped_column(String(320))
    credential: Mapped[str | None] = mapped_column(String(80))
    roles: Mapped[list[str]] = mapped_column(Json)
    password_hash: Mapped[str | None] = mapped_column(String(200))
    time_zone: Mapped[str | None] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(Moment)
    disabled_at: Mapped[datetime | None] = mapped_column(Moment)


class Credential(Base):
    """A certificate that a person holds (CPC, CCS, CRC ...), up to and including a day; without a day, for good."""

    __tablename__ = "credentials"
    __table_args__ = (UniqueConstraint("user_id", "title"),)

    id: Mapped[Key]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    title: Mapped[str] = mapped_column(String(40))
    certificate_number: Mapped[str | None] = mapped_column(String(80))
    expires_on: Mapped[date | None]
    added_at: Mapped[datetime] = mapped_column(Moment)

    user: Mapped[User] = relationship()


class PersonIdentifier(Base):
    """How claims name a person in `coder_of_record` or `provider`; `folded` is the value without regard to case."""

    __tablename__ = "person_identifiers"
    __table_args__ = (UniqueConstraint("field", "folded"),)

    id: Mapped[Key]
    user_name: Mapped[str] = mapped_column(ForeignKey("users.name"), index=True)
    field: Mapped[str] = mapped_column(String(40))
    value: Mapped[str] = mapped_column(String(200))
    folded: Mapped[str] = mapped_column(String(400))
    added_at: Mapped[datetime] = mapped_column(Moment)


class Absence(Base):
    """Days, first and last included, on which a person gets no work. Why is nobody's business here."""

    __tablename__ = "absences"

    id: Mapped[Key]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    first_on: Mapped[date]
    last_on: Mapped[date] = mapped_column(index=True)
    added_at: Mapped[datetime] = mapped_column(Moment)

    user: Mapped[User] = relationship()


class CalendarFeed(Base):
    """A person's calendar address. Its number is signed into the address: a new number ends the old one."""

    __tablename__ = "calendar_feeds"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    number: Mapped[int]
    made_at: Mapped[datetime] = mapped_column(Moment)
