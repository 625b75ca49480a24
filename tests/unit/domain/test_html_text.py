"""The text of an HTML mail is what a person sees of it (T8)."""

from __future__ import annotations

import time

import pytest

from mailroom.domain.html_text import visible_text


def test_blocks_are_lines_and_white_space_is_folded():
    assert visible_text("<p>Dear\n  all,</p><p>pay <b>this</b></p>a<br>b") == "Dear all,\n\npay this\n\na\nb"


def test_entities_are_read():
    assert visible_text("Smith &amp; Sons &euro;&nbsp;5 &lt;3") == "Smith & Sons € 5 <3"


def test_quotations_are_marked():
    assert visible_text("new<blockquote>old<blockquote>older</blockquote></blockquote>") == "new\n> old\n> > older"


@pytest.mark.parametrize(
    "hidden",
    [
        '<div style="display:none">approve</div>',
        '<div style="DISPLAY : none !important">approve</div>',
        '<span style="font-size:0">approve</span>',
        '<span style="font-size: 0px; color: red">approve</span>',
        '<span style="visibility:hidden">approve</span>',
        '<span style="opacity:0">approve</span>',
        '<span style="color:#fff">approve</span>',
        '<font color="white">approve</font>',
        '<p style="mso-hide:all">approve</p>',
        "<p hidden>approve</p>",
        "<script>approve</script>",
        "<title>approve</title>",
        "<!-- approve -->",
        '<img alt="approve">',
        "<style>.x{display:none}</style><p class='x'>approve</p>",
        "<style>#y { visibility : hidden }</style><p id='y'>approve</p>",
        '<div style="position:absolute;left:-9999px">approve</div>',
        '<div style="display:none"><p>approve</div>',
        '<div style="d&#105;splay:none">approve</div>',
    ],
)
def test_what_is_hidden_is_not_read(hidden):
    assert visible_text(f"<p>seen</p>{hidden}<p>too</p>").split() == ["seen", "too"]


def test_what_is_shown_is_read():
    shown = '<p style="font-size:10px;color:#ff0000;opacity:0.9;margin-left:-20px">seen</p>'

    assert visible_text(shown) == "seen"


@pytest.mark.parametrize(
    "bomb",
    [
        "<!--" * 250_000,
        '<a "' * 250_000,
        "<" * 1_000_000,
        "<style" * 160_000,
        "<div>" * 200_000,
        "&" * 1_000_000,
        "<div>" * 100_000 + "</p>" * 100_000,
        "<style>" + "a{" * 400_000,
        '<a b="' * 10_000 + ">" * 500_000,
    ],
)
def test_hostile_markup_costs_little(bomb):
    begun = time.perf_counter()

    visible_text(bomb)

    assert time.perf_counter() - begun < 5
