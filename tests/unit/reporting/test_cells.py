import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailroom.reporting.cells import cell_text, one_line, unlinked

# CWE-1236 and the OWASP page on CSV injection: = + - @, tab and carriage return in front, full-width forms.
ATTACKS = [
    '=HYPERLINK("http://evil.example","pay")',
    "+cmd|' /C calc'!A0",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "\t=1+1",
    "\r\n=1+1",
    "＝1+1",
    "＋1",
    "－1",
    "＠SUM(1)",
    " =1+1",
    '"=1+1',
    "\u200b=1+1",
    "\u202e=1+1",
    "\x00=1+1",
]


@pytest.mark.parametrize("attack", ATTACKS)
def test_no_cell_starts_as_a_formula(attack: str):
    assert cell_text(attack).startswith("'")


@pytest.mark.parametrize("text", ["Muster AG", "INV-7", "3M Deutschland", "a = b", "O'Neill & Sons", ""])
def test_ordinary_text_stays_as_it_is(text: str):
    assert cell_text(text) == text


@given(st.text())
def test_whatever_a_mail_says_a_cell_starts_harmlessly(text: str):
    cell = cell_text(text)

    assert not cell.lstrip(" \"'").startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠")) or cell.startswith("'")
    assert not set(cell) & set("\t\r\n\x00\u202e\u200b")


def test_a_long_subject_is_cut():
    assert one_line("x" * 500, 20) == "x" * 19 + "…"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("pay at http://evil.example/login", "pay at http[:]//evil[.]example/login"),
        ("see www.evil.example now", "see www[.]evil[.]example now"),
        ("evil.example/pay", "evil[.]example/pay"),
        ("invoice.pdf attached", "invoice.pdf attached"),
        ("javascript://alert(1)", "javascript[:]//alert(1)"),
    ],
)
def test_no_mail_program_makes_a_link_of_outside_text(text: str, shown: str):
    assert unlinked(text) == shown
