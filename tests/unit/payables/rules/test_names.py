from __future__ import annotations

import pytest

from mailroom.payables.rules.names import is_named_in, likeness, same_name


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Müller & Söhne GmbH & Co. KG", "MULLER SOHNE GMBH & CO KG"),
        ("Acme Inc.", "ACME, Inc"),
        ("Société Générale S.A.", "Societe Generale SA"),
        ("Straßenbau AG", "Strassenbau AG"),
    ],
)
def test_case_accents_and_legal_form_do_not_tell_firms_apart(one: str, other: str):
    assert same_name(one, other)


def test_a_name_that_is_only_a_legal_form_is_still_a_name():
    assert same_name("SE", "se")
    assert not same_name("SE", "AG")


def test_other_words_are_another_firm():
    assert not same_name("Acme Tools Ltd", "Acme Kitchens Ltd")
    assert not same_name("", "")


def test_a_name_is_found_in_a_text_word_for_word():
    assert is_named_in("Acme Kitchens GmbH", "Bill to: ACME Kitchens, Kochweg 1, Berlin")
    assert not is_named_in("Acme Kitchens GmbH", "Bill to: Acme Kitchenserver, Berlin")
    assert not is_named_in("", "anything")


def test_the_order_of_words_does_not_matter_to_likeness():
    assert likeness("Papier Nordlicht", "Nordlicht Papier GmbH") == 100
