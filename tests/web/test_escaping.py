from auditor.domain.people import Role
from tests import make
from tests.web.conftest import PASSWORD_HASH

HOSTILE = "<img src=x onerror=alert(1)>\"'&"


def test_what_people_are_called_is_text_on_every_page(small_site):
    with small_site.database.write() as session:
        make.user(
            session,
            "anna",
            roles=(Role.AUDITOR,),
            password_hash=PASSWORD_HASH,
            display_name=HOSTILE,
            credential=HOSTILE,
        )
    browser = small_site.browser()
    browser.log_in("anna")
    page = browser.get("/account").text
    assert "<img" not in page
    assert "&lt;img" in page


def test_a_name_that_was_refused_comes_back_as_text(small_site):
    answer = small_site.browser().log_in(HOSTILE, "x")
    assert answer.status_code == 403
    assert "<img" not in answer.text
