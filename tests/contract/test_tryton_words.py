"""What `tryton` makes of settings and answers, without a server."""

from __future__ import annotations

import pytest

from erp_connectors.interface import NotReachableError, OutcomeUnknownError, UploadRefusedError
from erp_connectors.tryton import TrytonConnector
from erp_connectors.tryton.draft import mark, read_mark
from erp_connectors.tryton.failures import of_error, of_status

SOUND = {"url": "https://erp.example.com", "database": "acme", "user": "mailroom"}


def faults(**changes):
    return {fault.path: fault.message for fault in TrytonConnector.Settings.faults({**SOUND, **changes})}


def test_every_fault_is_named_with_its_path_and_what_was_meant():
    assert faults() == {}
    found = faults(databse="acme", taxes={"VSt19": ["x"]}, timeout_seconds=0, ca_file="/nowhere/ca.pem")

    assert set(found) == {"databse", "taxes.VSt19", "timeout_seconds", "ca_file"}
    assert found["databse"] == "is not known here; did you mean 'database'?"


def test_a_code_that_yaml_reads_as_a_number_is_a_name():
    assert faults(accounts={"paper": 6800}) == {}


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("erp.example.com", "is not the address"),
        ("https://erp.example.com:99999", "is not the address"),
        ("ftp://erp.example.com", "is not the address"),
        ("https://me:secret@erp.example.com", "they belong under user and the secret password"),
        ("http://erp.example.com", "must begin with https"),
    ],
)
def test_an_address_that_cannot_be_or_would_give_the_password_away_is_refused(url, words):
    assert words in faults(url=url)["url"]


@pytest.mark.parametrize("url", ["http://localhost:8000", "http://127.0.0.1:8000", "https://erp.example.com/tryton"])
def test_an_address_nearby_or_encrypted_is_taken(url):
    assert faults(url=url) == {}


@pytest.mark.parametrize("key", ["key-INV-7", 'a "quoted" key', "a\\b", "Schlüssel 東京", "two\nlines", "k" * 200])
def test_a_mark_in_a_comment_is_read_back(key):
    comment = f"Called the supplier.\r\n{mark(key, '0f00aa93')}\r\nMailroom says hello"

    assert read_mark(comment) == (key, "0f00aa93")


@pytest.mark.parametrize("comment", [None, "", "Mailroom key", 'Mailroom "key" 0f00', 'Mailroom "broken\\" 0f00aa93'])
def test_a_comment_of_a_persons_own_has_no_mark(comment):
    assert read_mark(comment) is None


@pytest.mark.parametrize(
    ("status", "acts", "error"),
    [
        (403, True, UploadRefusedError),
        (404, False, UploadRefusedError),
        (413, True, UploadRefusedError),
        (302, False, UploadRefusedError),
        (429, True, NotReachableError),
        (503, True, NotReachableError),
        (500, False, NotReachableError),
        (500, True, OutcomeUnknownError),
        (502, True, OutcomeUnknownError),
        (504, True, OutcomeUnknownError),
    ],
)
def test_a_status_says_whether_the_bill_may_be_there(status, acts, error):
    # RFC 9110: 502 and 504 come from a gateway after it has passed the request on; 503 and 429 ask to come back.
    assert type(of_status(status, {}, acts=acts)) is error


def test_a_wish_to_wait_is_passed_on():
    error = of_status(429, {"retry-after": "7"}, acts=True)

    assert isinstance(error, NotReachableError)
    assert error.retry_after == 7
    assert of_status(429, {"Retry-After": "Wed, 21 Oct 2026 07:28:00 GMT"}, acts=True).retry_after is None


@pytest.mark.parametrize(
    ("error", "expected", "code", "words"),
    [
        (
            ["UserError", ["Das Konto ist\ngeschlossen.", "", None]],
            UploadRefusedError,
            "refused",
            "Das Konto ist gesch",
        ),
        (
            ["UserWarning", ["a.invoice_similar", "Similar.", ""]],
            UploadRefusedError,
            "duplicate",
            "asks a person first",
        ),
        (
            ["UserWarning", ["a.invoice_taxes", "Taxes.", ""]],
            UploadRefusedError,
            "refused",
            "asks a person first: Taxes.",
        ),
        (["LoginException", ["code", "Code?", "char"]], UploadRefusedError, "sign_in", "more than a password"),
        (["ConcurrencyException", "Other"], NotReachableError, "not_reachable", "at that moment"),
        (["'account.invoice'", ""], UploadRefusedError, "set_up", "module is not activated"),
        (["database is locked", "Traceback (most recent"], OutcomeUnknownError, "outcome_unknown", "failed inside"),
        ("nonsense", OutcomeUnknownError, "outcome_unknown", "failed inside"),
    ],
)
def test_an_error_member_is_taken_at_its_word(error, expected, code, words):
    found = of_error(error, method="model.account.invoice.create", acts=True)

    assert type(found) is expected
    assert found.code == code
    assert words in str(found)
    assert "Traceback" not in str(found)
    assert "\n" not in str(found)
