"""Links in mails: bound to person, thing, purpose and time."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from itsdangerous import URLSafeSerializer

from auditor.errors import Forbidden, NotFound
from auditor.services.signed_links import Link, Purpose, opened, token

KEY = bytes(range(32))
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
LINK = Link(purpose=Purpose.ACKNOWLEDGE, number=7, user="mary", expires_at=NOON + timedelta(days=14))


def test_a_link_comes_back_as_it_was_signed() -> None:
    assert opened(token(LINK, key=KEY), Purpose.ACKNOWLEDGE, key=KEY, at=NOON) == LINK


def test_the_same_link_is_the_same_text_and_safe_in_an_address() -> None:
    text = token(LINK, key=KEY)
    assert text == token(LINK, key=KEY)
    assert text.replace("-", "").replace("_", "").replace(".", "").isalnum()


def test_another_person_number_or_time_is_another_text() -> None:
    others = [replace(LINK, user="max"), replace(LINK, number=8), replace(LINK, expires_at=NOON)]
    assert len({token(each, key=KEY) for each in [LINK, *others]}) == 4


@pytest.mark.parametrize("place", [0, 5, -1])
def test_a_changed_letter_is_refused(place: int) -> None:
    letters = list(token(LINK, key=KEY))
    letters[place] = "A" if letters[place] != "A" else "B"
    with pytest.raises(NotFound, match="not whole"):
        opened("".join(letters), Purpose.ACKNOWLEDGE, key=KEY, at=NOON)


def test_a_link_under_another_key_or_for_another_purpose_is_refused() -> None:
    with pytest.raises(NotFound):
        opened(token(LINK, key=bytes(32)), Purpose.ACKNOWLEDGE, key=KEY, at=NOON)
    foreign = URLSafeSerializer(KEY, salt="something else").dumps([7, "mary", 2_000_000_000])
    with pytest.raises(NotFound):
        opened(str(foreign), Purpose.ACKNOWLEDGE, key=KEY, at=NOON)


def test_a_link_ends_at_its_moment() -> None:
    text = token(LINK, key=KEY)
    assert opened(text, Purpose.ACKNOWLEDGE, key=KEY, at=LINK.expires_at - timedelta(seconds=1)) == LINK
    with pytest.raises(Forbidden, match="expired"):
        opened(text, Purpose.ACKNOWLEDGE, key=KEY, at=LINK.expires_at)
