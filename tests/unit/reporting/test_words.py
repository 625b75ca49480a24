import pytest

from mailroom.reporting.words import REASONS, disposition_words, mail_action, next_action, reason_words


def test_an_unknown_code_is_shown_as_it_is():
    assert reason_words("solar_eclipse") == "solar_eclipse"
    assert next_action("solar_eclipse") == "Open the transaction and decide"


@pytest.mark.parametrize("code", sorted(REASONS))
def test_every_reason_reads_as_words_and_names_an_action(code: str):
    reason = REASONS[code]

    assert "_" not in reason.words
    assert reason.words[0].isupper()
    assert reason.action
    assert not reason.words.endswith(".")


def test_a_changed_bank_account_is_never_checked_with_the_sender_of_the_invoice():
    assert "a number you already had" in next_action("bank_details_changed")
    assert "a number you already had" in mail_action("bank_change_request", "a rule's own words")


def test_dispositions_are_counted_in_words():
    assert [disposition_words("approval_reply", count) for count in (1, 2)] == ["approval reply", "approval replies"]
