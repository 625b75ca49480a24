"""The page behind an approval link: opening shows, sending decides."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from fastapi.testclient import TestClient

from mailroom.database.session import Database
from mailroom.domain.mail import Attachment
from mailroom.web.app import create_app
from tests.approval_story import ANNA, BOB, PDF, Story, token_in


def filled_in(browser: TestClient, link: str, decision: str, reason: str = "") -> dict[str, str]:
    """Return what the browser sends when a button of the opened page is pressed."""
    page = browser.get(link).text
    seal = re.search(r'name="seal" value="([^"]+)"', page)
    assert seal is not None
    return {"seal": seal[1], "decision": decision, "reason": reason}


def test_the_page_shows_what_is_decided(browser: TestClient, link: str):
    page = browser.get(link)

    assert page.status_code == 200
    for words in ("Acme", "Nordwind Büromöbel GmbH", "1,204.10 EUR", "RE-2026-0117", "480.00 EUR", "505.00 EUR"):
        assert words in page.text


def test_opening_changes_nothing_however_often(story: Story, browser: TestClient, link: str):
    before = story.rows("SELECT xmin::text, * FROM approvals ORDER BY id"), len(story.rows("SELECT 1 FROM events"))

    for _ in range(50):
        assert browser.get(link).status_code == 200
        assert browser.head(link).status_code == 200
    for each in ("?answer=approve", "?answer=reject", "?decision=approve"):
        browser.get(f"{link}{each}")

    assert story.rows("SELECT xmin::text, * FROM approvals ORDER BY id") == before[0]
    assert len(story.rows("SELECT 1 FROM events")) == before[1]


def test_approving_on_the_page_lets_the_invoice_go_on(story: Story, browser: TestClient, link: str):
    answer = browser.post(link, data=filled_in(browser, link, "approve"))

    assert (answer.status_code, answer.headers["location"]) == (303, link)
    assert "You approved this" in browser.get(link).text
    story.works()
    assert story.state() == ("approved", None)
    assert story.question(ANNA).channel == "link"


def test_rejecting_needs_a_reason(story: Story, browser: TestClient, link: str):
    answer = browser.post(link, data=filled_in(browser, link, "reject", "  "))

    assert answer.status_code == 422
    assert "Please say why" in answer.text
    assert story.question(ANNA).state.value == "open"


@pytest.mark.parametrize("reason", ["not\x00ours", "\x00"])
def test_a_reason_that_a_database_cannot_hold_is_taken_without_it(
    story: Story, browser: TestClient, link: str, reason: str
):
    answer = browser.post(link, data=filled_in(browser, link, "reject", reason))

    assert answer.status_code in {303, 422}
    if answer.status_code == 303:
        assert story.question(ANNA).reason == "not ours"


def test_rejecting_with_a_reason_ends_it(story: Story, browser: TestClient, link: str):
    browser.post(link, data=filled_in(browser, link, "reject", "not ours"))

    story.works()

    assert story.state() == ("rejected", "rejected_by_approver")
    assert story.question(ANNA).reason == "not ours"


@pytest.mark.parametrize("seal", ["", "forged", "x.y.z"])
def test_a_form_that_was_not_opened_here_decides_nothing(story: Story, browser: TestClient, link: str, seal: str):
    answer = browser.post(link, data={"seal": seal, "decision": "approve"})

    assert answer.status_code == 422
    assert story.question(ANNA).state.value == "open"


def test_the_seal_of_one_request_does_not_fit_another(story: Story, browser: TestClient, link: str):
    other = f"/a/{token_in(story.mails_to(BOB)[0])}"

    browser.post(link, data=filled_in(browser, other, "approve"))

    assert story.asked() == {ANNA: "open", BOB: "open"}


def test_a_decision_nobody_offers_is_none(story: Story, browser: TestClient, link: str):
    assert browser.post(link, data=filled_in(browser, link, "pay")).status_code == 422
    assert story.question(ANNA).state.value == "open"


def test_pressing_twice_is_deciding_once(story: Story, browser: TestClient, link: str):
    form = filled_in(browser, link, "approve")

    answers = [browser.post(link, data=form) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [303, 303]
    assert len(story.events("approval_decided")) == 1


def test_whose_limit_was_lowered_meanwhile_is_told_and_decides_nothing(story: Story, browser: TestClient, link: str):
    form = filled_in(browser, link, "approve")
    story.changes("UPDATE users SET approval_limit = 1204.09 WHERE email = :e", e=ANNA)

    answer = browser.post(link, data=form)

    assert answer.status_code == 409
    assert "above what you may approve" in answer.text
    assert story.question(ANNA).state.value == "open"


def test_the_second_approver_sees_who_was_first(story: Story, browser: TestClient, link: str):
    other = f"/a/{token_in(story.mails_to(BOB)[0])}"
    form = filled_in(browser, other, "reject", "no")
    browser.post(link, data=filled_in(browser, link, "approve"))

    late = browser.post(other, data=form)

    assert late.status_code == 409
    assert "Anna Arendt approved it" in late.text
    assert "Anna Arendt approved this" in browser.get(other).text
    assert story.asked() == {ANNA: "approved", BOB: "superseded"}


def test_a_link_whose_time_is_over_shows_nothing_of_the_document(story: Story, browser: TestClient, link: str):
    form = filled_in(browser, link, "approve")
    story.waits(hours=73)

    for answer, status in ((browser.get(link), 410), (browser.post(link, data=form), 409)):
        assert answer.status_code == status
        assert "The time to decide is over" in answer.text
        assert "Nordwind" not in answer.text
    assert browser.get(f"{link}/document").status_code == 410


def test_after_an_edit_the_old_link_is_void(story: Story, browser: TestClient, link: str):
    story.subject = replace(story.subject, version_hash="v2")
    story.changes("UPDATE transactions SET due_at = now()")
    story.works()

    answer = browser.get(link)

    assert answer.status_code == 410
    assert "changed after you were asked" in answer.text
    story.delivers()
    newer = f"/a/{token_in(story.mails_to(ANNA)[-1])}"
    assert newer != link
    assert browser.get(newer).status_code == 200


def test_deciding_while_it_is_checked_again_is_told(story: Story, browser: TestClient, link: str):
    form = filled_in(browser, link, "approve")
    story.changes("UPDATE transactions SET step = 'check'")

    answer = browser.post(link, data=form)

    assert answer.status_code == 409
    assert "not waiting for a decision any more" in answer.text


def test_the_document_is_a_download_that_cannot_run(browser: TestClient, link: str):
    answer = browser.get(f"{link}/document")

    assert answer.content == PDF
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"].startswith("attachment;")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in answer.headers["content-security-policy"]
    assert browser.get(f"{link}/document?file=2").status_code == 410


def test_a_document_of_an_odd_type_and_name_is_plain_bytes(story: Story, browser: TestClient):
    (file,) = story.subject.attachments
    odd = Attachment(file.key, 'a"\r\nSet-Cookie: x=1;.html', "text/html")
    story.subject = replace(story.subject, attachments=(odd,), version_hash="v2")
    story.changes("UPDATE transactions SET due_at = now()")
    story.works()
    story.delivers()

    answer = browser.get(f"/a/{token_in(story.mails_to(ANNA)[-1])}/document")

    assert answer.headers["content-type"] == "application/octet-stream"
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("token", ["aaaaaaaaaaaaaaaaaaaaaaaaaa", "x", "%00", "ü" * 30, "a" * 4000])
def test_every_unknown_link_gets_the_same_answer(browser: TestClient, token: str):
    first, answer = browser.get("/a/bbbbbbbbbbbbbbbbbbbbbbbbbb"), browser.get(f"/a/{token}")

    assert (answer.status_code, answer.text) == (404, first.text)


def test_guessing_links_is_stopped(browser: TestClient, link: str):
    answers = [browser.get(f"/a/{'abcdefgh'[number] * 26}").status_code for number in range(8)]

    assert answers == [404] * 6 + [429] * 2
    locked = browser.get(link)
    assert locked.status_code == 429
    assert 3500 < int(locked.headers["retry-after"]) <= 3601


def test_every_answer_carries_the_security_headers(browser: TestClient, link: str):
    for path in (link, "/a/nothing", "/nothing", "/health", "/static/mailroom.css"):
        headers = browser.get(path).headers
        assert "default-src 'none'" in headers["content-security-policy"], path
        assert "frame-ancestors 'none'" in headers["content-security-policy"], path
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
    assert browser.get(link).headers["cache-control"] == "no-store"


def test_the_page_needs_no_script_and_labels_its_fields(browser: TestClient, link: str):
    class Page(HTMLParser):
        def __init__(self) -> None:
            super().__init__()
            self.tags: list[tuple[str, dict[str, str | None]]] = []

        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            self.tags.append((tag, dict(attrs)))

    page = Page()
    page.feed(browser.get(link).text)

    tags = [tag for tag, _ in page.tags]
    assert "script" not in tags
    assert not any(name.startswith("on") or name == "style" for _, attrs in page.tags for name in attrs)
    assert tags.count("h1") == tags.count("main") == 1
    assert ("html", {"lang": "en"}) in page.tags
    shown = [attrs for tag, attrs in page.tags if tag in {"textarea", "select"}]
    labelled = {attrs.get("for") for tag, attrs in page.tags if tag == "label"}
    assert shown
    assert {attrs["id"] for attrs in shown} <= labelled


def test_outside_text_is_shown_and_not_run(story: Story, browser: TestClient):
    story.subject = replace(story.subject, payee="<img src=x onerror=alert(1)>", version_hash="v2")
    story.changes("UPDATE transactions SET due_at = now()")
    story.works()
    story.delivers()

    page = browser.get(f"/a/{token_in(story.mails_to(ANNA)[-1])}").text

    assert "<img" not in page
    assert "&lt;img" in page


def test_a_form_that_is_too_large_is_refused(browser: TestClient, link: str):
    assert browser.post(link, data={"reason": "x" * 70_000}).status_code == 413


def test_other_methods_are_refused(browser: TestClient, link: str):
    assert browser.put(link).status_code == 405
    assert browser.delete(link).status_code == 405


def test_without_the_database_the_page_says_so(story: Story, link: str):
    story.database.close()
    story.database = Database("postgresql+psycopg://nobody@127.0.0.1:9/none")
    with TestClient(create_app(story)) as browser:
        answer = browser.get(link)

    assert answer.status_code == 503
    assert "Nothing was changed" in answer.text
