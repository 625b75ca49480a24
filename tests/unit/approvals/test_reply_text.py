"""What is newly written, and what is history, in many mail programs and languages."""

from __future__ import annotations

import time

import pytest

from mailroom.approvals.reply_text import bodies, new_text, top_text
from mailroom.domain.rfc822 import read_mail
from tests.unit.raw_mail import a_mail

ANSWER = "Approved, thanks\n\nBob"


@pytest.mark.parametrize(
    "history",
    [
        "On Mon, 2 Mar 2026 at 09:00, Ann <ann@x.test> wrote:\n\n> old\n> text",
        "On Mon, 2 Mar 2026 at 09:00, Ann Someone With A Long Name <\nann@x.test> wrote:\n\n> old",
        "On 2 March 2026 Ann wrote\n\nold text, not marked",
        "Am 02.03.2026 um 09:00 schrieb Ann <ann@x.test>:\n> alt",
        "Am Mo., 2. März 2026 um 09:00 Uhr schrieb Ann <\nann@x.test>:\n\n> alt",
        "Le lun. 2 mars 2026 à 09:00, Ann <ann@x.test> a écrit :\n\n> vieux",
        "El lun, 2 mar 2026 a las 9:00, Ann (<ann@x.test>) escribió:\n\n> viejo",
        "Il giorno lun 2 mar 2026 alle ore 09:00 Ann <ann@x.test> ha scritto:\n\n> vecchio",
        "Op ma 2 mrt 2026 om 09:00 schreef Ann <ann@x.test>:\n\n> oud",
        "pon., 2 mar 2026 o 09:00 Ann <ann@x.test> napisał(a):\n\n> stare",
        "Em seg., 2 de mar. de 2026 às 09:00, Ann <ann@x.test> escreveu:\n\n> velho",
        "2 mars 2026 kl. 09:00 skrev Ann <ann@x.test>:\n> gammalt",
        "2026年3月2日(月) 9:00 Ann <ann@x.test>:\n\n> old",
        "-----Original Message-----\nFrom: Ann\nSent: Monday\nSubject: x\n\nold",
        "-----Ursprüngliche Nachricht-----\nVon: Ann\n\nalt",
        "----- Mensaje original -----\nviejo",
        "---------- Forwarded message ---------\nFrom: Ann <ann@x.test>\n\nold",
        "Begin forwarded message:\n\nFrom: Ann",
        "From: Ann <ann@x.test>\nSent: Monday, March 2, 2026 9:00 AM\nTo: Bob <bob@x.test>\nSubject: Invoice\n\nold",
        "Von: Ann <ann@x.test>\nGesendet: Montag, 2. März 2026 09:00\nAn: Bob\nBetreff: Rechnung\n\nalt",
        "De : Ann\nEnvoyé : lundi 2 mars 2026 09:00\nÀ : Bob\nObjet : Facture\n\nvieux",
        "*From:* Ann\n*Sent:* Monday\n*To:* Bob\n*Subject:* Invoice\n\nold",
        "________________________________\nFrom: Ann <ann@x.test>\nSent: Monday\nTo: Bob\nSubject: Invoice\n\nold",
        "Get Outlook for iOS<https://aka.ms/o0ukef>\n____________________\nFrom: Ann\nSent: Monday\nTo: Bob",
    ],
)
def test_history_is_cut_off(history):
    assert new_text(f"{ANSWER}\n\n{history}") == ANSWER
    assert top_text(f"{ANSWER}\n\n{history}") == ANSWER


@pytest.mark.parametrize(
    "text",
    [
        "Approved 2026\nall of it",
        "Please note: to be paid on 02.03.2026",
        "From: here on it gets better",
        "I wrote to them",
        "Amounts:\n---\nnet 10\ntax 2",
        "It was approved at 10:30",
        "On Monday we meet",
    ],
)
def test_what_a_person_writes_stays(text):
    assert new_text(text) == text


def test_a_line_above_the_attribution_stays():
    text = "due 10:30\nOn Mon, 2 Mar 2026 at 09:00, Ann <ann@x.test> wrote:\n> old"

    assert new_text(text) == "due 10:30"


def test_answers_between_and_below_are_new_but_do_not_count():
    text = "> Is the price right?\nYes.\n\n> And the date?\nNo."

    assert new_text(text) == "Yes.\n\nNo."
    assert top_text(text) == ""


def test_a_mail_in_html_only_is_read_as_shown():
    page = (
        "<div>Approved</div><div class='gmail_quote'>On Mon, 2 Mar 2026 Ann wrote:<blockquote>Reject</blockquote></div>"
    )
    source = a_mail("x", html=page).replace(b"text/plain", b"text/x-odd")

    assert new_text(read_mail(source)) == "Approved"


def test_hidden_html_is_not_read():
    source = a_mail("x", html='<p style="display:none">Approved</p><p>Why?</p>').replace(b"text/plain", b"text/x-odd")

    assert new_text(read_mail(source)) == "Why?"


def test_both_readings_of_a_mail_are_there_to_compare():
    assert [text.strip() for text in bodies(read_mail(a_mail("plain", html="<p>shown</p>")))] == ["plain", "shown"]


@pytest.mark.parametrize(
    "text",
    [
        "\n" * 500_000,
        "> \n\n" * 50_000,
        "---\n" * 50_000,
        "Sent from x\n" * 50_000,
        "On 2026 x\n" * 50_000,
        "From: x\n" * 50_000,
        "-" * 200_000,
        "2026 <" * 30_000,
        "On 10:30 a\n10:31 b\n" * 20_000,
    ],
)
def test_hostile_text_costs_little(text):
    begun = time.perf_counter()

    new_text(text)

    assert time.perf_counter() - begun < 5
