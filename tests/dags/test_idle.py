"""Waiting on many mailboxes at once, against a real Dovecot."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from mailroom.adapters.imap import MailboxConnection
from mailroom.settings.mailboxes import Mailbox
from mailroom.tasks.idle import IdleWatch
from tests.servers.dovecot import PASSWORD, Dovecot
from tests.servers.listening import free_port
from tests.servers.tcp_proxy import TcpProxy, running_tcp_proxy

MAIL = b"From: a@a.example\r\nTo: b@b.example\r\nSubject: Invoice\r\n\r\nHello\r\n"
SOON = 5.0


@pytest.fixture
def mailbox(dovecot: Dovecot, request: pytest.FixtureRequest) -> Callable[..., Mailbox]:
    def make(user: str, **changes: Any) -> Mailbox:
        settings: dict[str, Any] = {
            "name": user,
            "address": f"{user}@acme.example",
            "host": "127.0.0.1",
            "port": dovecot.imap_port,
            "security": "plain",
            "username": f"{request.node.name}-{user}",
            "password_secret": "mail_password",
            "organization": "acme",
            "timeout": 5,
        }
        return Mailbox.model_validate(settings | changes)

    return make


@pytest.fixture
def watch() -> Iterator[Callable[..., IdleWatch]]:
    watches: list[IdleWatch] = []

    def make(*mailboxes: Mailbox, **more: Any) -> IdleWatch:
        watches.append(IdleWatch(mailboxes, more.pop("opening", opened), **more))
        return watches[-1]

    yield make
    for each in watches:
        each.close()


@pytest.fixture
def proxy(dovecot: Dovecot) -> Iterator[TcpProxy]:
    """Return a line to Dovecot that can be cut."""
    yield from running_tcp_proxy(dovecot.imap_port)


def opened(mailbox: Mailbox) -> MailboxConnection:
    return MailboxConnection.open(mailbox, PASSWORD)


def settle(watch: IdleWatch) -> None:
    """Wait until every mailbox has been opened: each is told once, since nobody knows what came before."""
    while watch.wait(1.0):
        continue


def seconds_until_told(watch: IdleWatch, within: float = SOON) -> float:
    started = time.monotonic()
    assert watch.wait(within), f"nothing was told within {within} s"
    return time.monotonic() - started


def test_a_mailbox_is_told_once_when_it_is_first_opened(
    watch: Callable[..., IdleWatch], mailbox: Callable[..., Mailbox]
):
    watching = watch(mailbox("ap"))

    assert watching.wait(SOON)
    assert not watching.wait(1.0)


def test_new_mail_in_any_mailbox_is_told_within_seconds(
    watch: Callable[..., IdleWatch], mailbox: Callable[..., Mailbox], dovecot: Dovecot
):
    boxes = [mailbox(name) for name in ("one", "two", "three")]
    watching = watch(*boxes)
    settle(watching)

    for box in boxes:
        dovecot.deliver(box.username, MAIL)
        assert seconds_until_told(watching) < SOON
        settle(watching)


def test_mail_that_comes_while_nobody_waits_is_told_at_the_next_wait(
    watch: Callable[..., IdleWatch], mailbox: Callable[..., Mailbox], dovecot: Dovecot
):
    watching = watch(box := mailbox("ap"))
    settle(watching)

    dovecot.deliver(box.username, MAIL)
    time.sleep(2.5)

    assert seconds_until_told(watching) < 1.0


def test_a_mailbox_that_does_not_answer_holds_up_no_other(
    watch: Callable[..., IdleWatch], mailbox: Callable[..., Mailbox], dovecot: Dovecot
):
    stuck = threading.Event()

    def opening(box: Mailbox) -> MailboxConnection:
        if box.name == "dead":
            stuck.wait(20)
        return opened(box)

    watching = watch(mailbox("dead"), box := mailbox("live"), opening=opening)
    settle(watching)
    dovecot.deliver(box.username, MAIL)

    try:
        assert seconds_until_told(watching) < SOON
    finally:
        stuck.set()


def test_a_refused_login_is_not_tried_again_soon(watch: Callable[..., IdleWatch], mailbox: Callable[..., Mailbox]):
    logins: list[str] = []

    def opening(box: Mailbox) -> MailboxConnection:
        logins.append(box.name)
        return MailboxConnection.open(box, "wrong")

    watching = watch(mailbox("ap"), opening=opening, renew_after=0.2)

    assert not watching.wait(3.0)
    assert logins == ["ap"]


def test_a_server_that_cannot_be_reached_is_tried_later_each_time(
    watch: Callable[..., IdleWatch], mailbox: Callable[..., Mailbox]
):
    tried: list[float] = []

    def opening(box: Mailbox) -> MailboxConnection:
        tried.append(time.monotonic())
        return opened(box)

    watching = watch(mailbox("ap", port=free_port()), opening=opening)

    assert not watching.wait(3.0)
    assert len(tried) == 1


def test_mail_that_came_while_the_line_was_down_is_told_after_it(
    watch: Callable[..., IdleWatch], mailbox: Callable[..., Mailbox], dovecot: Dovecot, proxy: TcpProxy
):
    watching = watch(box := mailbox("ap", port=proxy.port), again_after=1.0)
    settle(watching)

    proxy.cut_after = 0
    dovecot.deliver(box.username, MAIL)
    assert not watching.wait(1.5)
    proxy.cut_after = None

    assert seconds_until_told(watching) < SOON
    assert not watching.wait(1.0)


def test_a_line_that_was_down_without_new_mail_tells_nothing(
    watch: Callable[..., IdleWatch], mailbox: Callable[..., Mailbox], proxy: TcpProxy
):
    watching = watch(mailbox("ap", port=proxy.port), renew_after=1.5, again_after=0.5)
    settle(watching)

    proxy.cut_after = 0
    assert not watching.wait(2.0)
    proxy.cut_after = None

    assert not watching.wait(2.0)
    assert proxy.connections >= 2


def test_renewing_loses_nothing_and_tells_nothing(
    watch: Callable[..., IdleWatch], mailbox: Callable[..., Mailbox], dovecot: Dovecot
):
    watching = watch(box := mailbox("ap"), renew_after=0.3)
    settle(watching)

    assert not watching.wait(2.0)
    dovecot.deliver(box.username, MAIL)
    assert seconds_until_told(watching) < SOON


def test_closing_ends_a_wait_that_is_under_way(watch: Callable[..., IdleWatch], mailbox: Callable[..., Mailbox]):
    watching = watch(mailbox("ap"))
    settle(watching)
    answers: list[bool] = []
    waiting = threading.Thread(target=lambda: answers.append(watching.wait(60)))
    waiting.start()
    time.sleep(0.3)

    watching.close()

    waiting.join(5)
    assert answers == [False]


def test_mailboxes_without_idle_are_left_to_the_schedule(
    watch: Callable[..., IdleWatch], mailbox: Callable[..., Mailbox]
):
    watching = watch(mailbox("ap", idle=False))

    assert not watching.wait(0.5)
