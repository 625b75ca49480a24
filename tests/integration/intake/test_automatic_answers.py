"""What a mailbox answers by itself to a request is handed to approvals; without a request it ends at once."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from mailroom.domain.mail import Disposition
from mailroom.domain.rfc822 import Mail
from mailroom.intake.screening import Screening
from mailroom.settings.mailboxes import Mailbox
from tests.mail_room import MailRoom, a_mail
from tests.servers.dovecot import Dovecot

TOKEN = "a" * 26


def test_only_what_answers_a_request_is_handed_over(room: MailRoom, dovecot: Dovecot):
    dovecot.seed(
        room.user,
        [
            a_mail("I am away", files=[], Subject=f"Automatic reply: Approval needed [#{TOKEN}]"),
            a_mail("I am away", files=[], Subject="Automatic reply: lunch"),
        ],
    )
    handed: list[str] = []

    def answer(
        organization: UUID, mail: Mail, screening: Screening, mailbox: Mailbox, message: UUID
    ) -> tuple[Disposition, str]:
        handed.append(mail.subject)
        return Disposition.AUTO_REPLY, "out_of_office"

    mailbox = room.mailbox()
    replace(room.intake(), answer_approval=answer).poll(mailbox, room.organizations[mailbox.organization])

    assert handed == [f"Automatic reply: Approval needed [#{TOKEN}]"]
    assert room.ended() == {("auto_reply", "out_of_office"): 1, ("auto_reply", "auto_reply"): 1}
