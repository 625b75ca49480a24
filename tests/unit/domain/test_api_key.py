"""API keys: their form, and what is kept of them."""

from __future__ import annotations

import hashlib

import pytest

from mailroom.domain.api_key import api_key, is_api_key, key_hash, key_prefix


def test_a_key_carries_all_of_its_chance():
    # Base32 (RFC 4648) of 32 zero bytes is 52 times the letter a, without padding.
    assert api_key(bytes(32)) == "mrk_aaaaaaaa_" + "a" * 44


@pytest.mark.parametrize("size", [0, 16, 31, 33])
def test_less_chance_makes_no_key(size: int):
    with pytest.raises(ValueError, match="32 bytes"):
        api_key(bytes(size))


def test_only_the_prefix_and_the_hash_are_kept():
    key = api_key(bytes(range(32)))

    assert key.startswith(key_prefix(key))
    assert len(key_prefix(key)) == len("mrk_12345678")
    assert key_hash(key) == hashlib.sha256(key.encode()).hexdigest()


@pytest.mark.parametrize(
    "text",
    ["", "mrk_", "mrk_aaaaaaaa_", "MRK_AAAAAAAA_" + "A" * 44, "mrk_aaaaaaaa_" + "a" * 43, "x" * 5000, "mrk_\x00"],
)
def test_what_has_not_the_form_is_no_key(text: str):
    assert not is_api_key(text)
    assert is_api_key("mrk_aaaaaaaa_" + "a" * 44)
