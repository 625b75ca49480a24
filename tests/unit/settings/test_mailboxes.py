"""What a mailbox's file may say, and whose mail it is."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from mailroom.settings.mailboxes import FinishedMail, Mailbox, is_loopback


def a_mailbox(**changes: object) -> Mailbox:
    settings: dict[str, object] = {
        "name": "ap",
        "address": "ap@acme.example",
        "host": "mail.acme.example",
        "username": "ap",
        "password_secret": "ap_password",
        "organization": "acme",
    }
    return Mailbox.model_validate(settings | changes)


def test_what_is_not_said_is_the_careful_choice():
    mailbox = a_mailbox()

    assert (mailbox.security, mailbox.connect_port) == ("tls", 993)
    assert (mailbox.dedicated, mailbox.proof, mailbox.after) == (False, "link_only", "none")
    assert mailbox.finished == FinishedMail()


def test_starttls_has_its_own_port():
    assert a_mailbox(security="starttls").connect_port == 143


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.8.9.1", "::1"])
def test_plain_is_allowed_on_this_machine(host: str):
    assert a_mailbox(security="plain", host=host).security == "plain"


@pytest.mark.parametrize("host", ["mail.acme.example", "10.0.0.1", "localhost.evil.example", "0.0.0.0", "127.1"])
def test_plain_is_refused_anywhere_else(host: str):
    assert not is_loopback(host)
    with pytest.raises(ValidationError, match="plain"):
        a_mailbox(security="plain", host=host)


@pytest.mark.parametrize(
    ("after", "finished"),
    [
        ("none", FinishedMail()),
        ("seen", FinishedMail(seen=True)),
        ("flag $MailroomDone", FinishedMail(flag="$MailroomDone")),
        ("move to Done/März 2026", FinishedMail(move_to="Done/März 2026")),
    ],
)
def test_what_is_done_to_finished_mail(after: str, finished: FinishedMail):
    assert a_mailbox(after=after).finished == finished


@pytest.mark.parametrize(
    "changes",
    [
        {"after": "delete"},
        {"after": "flag \\Deleted"},
        {"after": "flag a b"},
        {"after": "move to "},
        {"after": "move to INBOX"},
        {"proof": "authserv"},
        {"proof": "spf"},
        {"folders": []},
        {"folders": ["INBOX", "INBOX"]},
        {"password": "hunter2"},
        {"password_secret": "not a name"},
        {"name": "../x"},
        {"whose": [{"organization": "acme", "recipients": ["*@acme.example"]}]},
        {"organization": "shared", "whose": [{"organization": "acme"}]},
        {"oauth": {"token_url": "http://login.example/token", "client_id": "x"}},
        {"batch_messages": 0},
    ],
)
def test_what_can_not_be_meant_is_a_fault(changes: dict[str, object]):
    with pytest.raises(ValidationError):
        a_mailbox(**changes)


def test_authserv_names_the_server_that_counts():
    assert a_mailbox(proof="authserv mx.acme.example").authserv_id == "mx.acme.example"
    assert a_mailbox(proof="microsoft365").authserv_id is None


class TestOwner:
    SHARED = a_mailbox(
        organization="shared",
        whose=[
            {"organization": "globex", "recipients": ["in+globex@mailroom.example"], "senders": ["*@globex.example"]},
            {"organization": "acme", "recipients": ["in+acme@mailroom.example", "*@acme.example"]},
            {"organization": "initech", "senders": ["bill@initech.example"]},
        ],
    )

    @pytest.mark.parametrize(
        ("recipients", "sender", "owner"),
        [
            (["IN+acme@Mailroom.example"], "x@y.example", "acme"),
            (["other@z.example", "ap@acme.example"], "x@y.example", "acme"),
            (["in+globex@mailroom.example"], "a@globex.example", "globex"),
            (["in+globex@mailroom.example"], "a@y.example", None),
            ([], "bill@initech.example", "initech"),
            (["ap@acme.example.evil.example"], "x@y.example", None),
            (["in+?cme@mailroom.example"], "x@y.example", None),
            (["in+acme@mailroom.example", "in+globex@mailroom.example"], "a@globex.example", None),
            (["in+acme@mailroom.example", "in+globex@mailroom.example"], "a@y.example", "acme"),
        ],
    )
    def test_the_first_rule_that_matches_whole_addresses(self, recipients: list[str], sender: str, owner: str | None):
        assert self.SHARED.owner(recipients, sender) == owner

    def test_a_mailbox_of_one_customer_is_that_customers(self):
        assert a_mailbox().owner([], "anybody@x.example") == "acme"
