"""Who wants to be told how, and the channels besides mail."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from auditor.domain.alerts import AlertKind
from auditor.domain.notices import ChannelKind, Delivery
from auditor.storage.base import Base, Key
from auditor.storage.types import Moment, by_value


class Subscription(Base):
    """How a person wants to be told of alerts of a kind, where that is not what their roles say."""

    __tablename__ = "subscriptions"
    __table_args__ = (UniqueConstraint("user_id", "kind"),)

    id: Mapped[Key]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    kind: Mapped[AlertKind] = mapped_column(by_value(AlertKind))
    delivery: Mapped[Delivery] = mapped_column(by_value(Delivery))


class Channel(Base):
    """A webhook, a chat or a log that takes every alert. `url` may hold `${NAME}`; `secret_name` is the environment
    variable whose value signs what is sent."""

    __tablename__ = "channels"

    id: Mapped[Key]
    name: Mapped[str] = mapped_column(String(80), unique=True)
    kind: Mapped[ChannelKind] = mapped_column(by_value(ChannelKind))
    url: Mapped[str] = mapped_column(Text)
    secret_name: Mapped[str | None] = mapped_column(String(80))
    added_by: Mapped[str] = mapped_column(String(80))
    added_at: Mapped[datetime] = mapped_column(Moment)
    removed_at: Mapped[datetime | None] = mapped_column(Moment)
