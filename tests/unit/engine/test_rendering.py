"""Mail templates: strict, escaped, one subject."""

from __future__ import annotations

from pathlib import Path

import pytest

from mailroom.domain.errors import RejectedInputError
from mailroom.engine.rendering import SHARED_TEMPLATES, Templates

OWN = {"organization": "Acme", "owner": "owner@acme.example"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "greeting.txt.j2").write_text(
        "Subject: {% block subject %}Hello {{ name }}{% endblock %}\n\nDear {{ name }}\n"
    )
    (tmp_path / "greeting.html.j2").write_text("<p>Dear {{ name }}</p>")
    return tmp_path


def test_a_template_makes_subject_text_and_html(folder: Path):
    letter = Templates([folder]).render("greeting", {"name": "Ann"})

    assert (letter.subject, letter.text, letter.html) == ("Hello Ann", "Dear Ann\n", "<p>Dear Ann</p>")


def test_html_is_escaped_and_text_is_not(folder: Path):
    letter = Templates([folder]).render("greeting", {"name": "<b>R & D</b>"})

    assert letter.html == "<p>Dear &lt;b&gt;R &amp; D&lt;/b&gt;</p>"
    assert letter.text == "Dear <b>R & D</b>\n"


def test_a_line_end_does_not_end_the_subject(folder: Path):
    letter = Templates([folder]).render("greeting", {"name": "Ann\r\nBcc: x@y.example"})

    assert letter.subject == "Hello Ann Bcc: x@y.example"
    assert letter.text.startswith("Dear Ann")


@pytest.mark.parametrize(("name", "context"), [("greeting", {}), ("nothing", {"name": "Ann"})])
def test_what_is_missing_is_an_error(folder: Path, name: str, context: dict[str, str]):
    with pytest.raises(RejectedInputError) as caught:
        Templates([folder]).render(name, context)
    assert caught.value.code == "bad_template"


def test_a_folder_of_ones_own_comes_before_the_shared_one(folder: Path):
    (folder / "report_failed.txt.j2").write_text("Subject: {% block subject %}ours{% endblock %}\nours")
    (folder / "report_failed.html.j2").write_text("ours")

    assert Templates([folder]).render("report_failed", {}).subject == "ours"


@pytest.mark.parametrize(
    ("name", "context", "subject"),
    [
        ("cannot_use_mail", {"subject": "Invoice", "message": "no file"}, "We could not use your mail: Invoice"),
        ("cannot_use_mail", {"subject": "", "message": "no file"}, "We could not use your mail"),
        ("cannot_use_document", {"subject": "", "filename": "a.pdf", "message": "locked"}, "We could not use a.pdf"),
        (
            "failure_notice",
            {"reference": "INV-7", "transaction": "t", "step": "upload", "error": "no_account", "message": ""},
            "INV-7 needs you: no account",
        ),
        ("report_failed", {"day": "2026-03-02", "message": "why"}, "The report for 2026-03-02 could not be made"),
        (
            "mail_not_delivered",
            {"recipient": "a@x.example", "what": "report", "message": "550", "transaction": None},
            "A mail to a@x.example could not be delivered",
        ),
    ],
)
def test_the_shared_mails(name: str, context: dict[str, object], subject: str):
    letter = Templates([]).render(name, {**OWN, **context})

    assert letter.subject == subject
    assert "Acme" in letter.text
    assert "Acme" in letter.html


def test_every_mail_has_text_and_html():
    texts = {path.name.removesuffix(".txt.j2") for path in SHARED_TEMPLATES.glob("*.txt.j2")}
    htmls = {path.name.removesuffix(".html.j2") for path in SHARED_TEMPLATES.glob("*.html.j2")}

    assert texts == htmls - {"layout", "pieces"}
