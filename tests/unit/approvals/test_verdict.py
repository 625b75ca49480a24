"""Attack T8: only a whole first line from the list decides; nothing else approves."""

from __future__ import annotations

import pytest

from mailroom.approvals.verdict import Said, verdict


@pytest.mark.parametrize(
    "text",
    [
        "Approve",
        "approved",
        "APPROVED!",
        "Approved.",
        "  Approved  ",
        "*Approved*",
        "I approve",
        "Approved, thanks",
        "Approved - thanks",
        "Approved. Thank you.",
        "Approved, thanks Anna",
        "Approved: matches PO 4711",
        "Approved – within budget",
        "Approved\n\nBest regards\nBob Smith\nHead of Finance",
        "Approved\n-- \nBob\nnot responsible for typos",
        "Approved\nThanks\nIf you are not the intended recipient of this mail, please delete it at once.",
        "Approved\n\nSent from my iPhone",
        "Genehmigt",
        "Freigegeben, danke",
        "Genehmigt.\n\nMit freundlichen Grüßen\nErika Mustermann",
        "Approuvé",
        "J'approuve",
        "Validée, merci",
        "Bon à payer",
        "Aprobado, gracias",
        "Lo apruebo",
        "Approvato",
        "Approvo, grazie",
        "Goedgekeurd",
        "Akkoord, bedankt",
        "Zatwierdzam",
        "Akceptuję, dziękuję",
        "Aprovado",
        "Aprovado, obrigado",
    ],
)
def test_approvals(text):
    assert verdict(text) is Said.APPROVE


@pytest.mark.parametrize(
    "text",
    [
        "Reject",
        "Rejected, wrong purchase order",
        "Declined: we never ordered this",
        "Abgelehnt: falscher Preis",
        "Rejeté - doublon",
        "Rechazado, no es nuestro",
        "Rifiutato",
        "Afgekeurd, dubbel",
        "Odrzucam",
        "Rejeitado",
    ],
)
def test_rejections_may_give_any_reason(text):
    assert verdict(text) is Said.REJECT


@pytest.mark.parametrize(
    "text",
    [
        # negations
        "Not approved",
        "I do not approve",
        "Don't approve",
        "Never approved",
        "Disapproved",
        "Unapproved",
        "Approve-not",
        "Approved, not",
        "Approved: no",
        "nicht genehmigt",
        "Genehmigt nicht",
        "Non approuvé",
        "No aprobado",
        "Non approvato",
        "Niet goedgekeurd",
        "Nie zatwierdzam",
        "Não aprovado",
        # conditions
        "Approved if the price is right",
        "Approved, if Bob agrees",
        "Approved once corrected",
        "Approved - pending review",
        "Approved, except line 3",
        "Approved up to 500",
        "Approved, but",
        "Approved; however",
        "I would approve but",
        "Genehmigt, wenn der Preis stimmt",
        "Genehmigt unter Vorbehalt",
        "Approuvé sous réserve",
        "Approved, 500 EUR",
        "Approved for half",
        "Approved\n\nbut only half of it",
        "Approved\nbut wait for Bob",
        "Approved\nThanks\nActually no, don't",
        "Approved\n\nPlease change the date first",
        "Approved\nRejected",
        "Rejected\nApproved",
        "Approved, the other one",
        # questions
        "Approve?",
        "Approved...?",
        "Can I approve this?",
        "Approved\nor did I miss something?",
        "Genehmigt?",
        # talk about approving
        "Please approve",
        "Bob approved this",
        "This was approved",
        "Approved by Bob",
        "approve or reject",
        "Approve / Reject",
        "Approve/Reject",
        "Reply Approve to approve",
        "To approve, click here",
        "Approval",
        "Pre-approved",
        "Thanks, approved",
        "Hi all,\nApproved",
        "The invoice needs to be approved",
        # too little
        "",
        "   \n\n",
        "ok",
        "yes",
        "Thanks",
        "+1",
        "👍",
        # letters that only look like it, and hidden ones
        "\u0430pproved",
        "app\u200broved",
        "\u202edevorppa",
        "Approved\u00ad",
        "аррrоvеd",
        # quotations
        "> Approved",
        "| Approved",
        # automatic
        "I am out of the office until Monday. Approved.",
    ],
)
def test_nothing_else_decides(text):
    assert verdict(text) not in {Said.APPROVE, Said.REJECT}


@pytest.mark.parametrize("text", ["Which cost centre is this?", "Approve?", "Hello\nis the VAT right?", "Genehmigt?"])
def test_questions(text):
    assert verdict(text) is Said.QUESTION
