from __future__ import annotations

import pytest

from mailroom.payables.rules.domains import belongs_to, domain_of, looks_like


@pytest.mark.parametrize(
    ("forged", "known"),
    [
        ("acrne-tools.com", "acme-tools.com"),
        ("nord1icht.example", "nordlicht.example"),
        ("nordlicht-papier.example", "nordlichtpapier.example"),
        ("nordlichtt.example", "nordlicht.example"),
        ("nrodlicht.example", "nordlicht.example"),
        ("nordlicht.co", "nordlicht.com"),
        ("billing.nordl1cht.co.uk", "nordlicht.co.uk"),
        ("xn--nrdlicht-lki.example", "nordlicht.example"),
        ("vvaterworks.example", "waterworks.example"),
    ],
)
def test_a_domain_made_to_be_mistaken_is_found(forged: str, known: str):
    assert looks_like(forged, known, 2)


@pytest.mark.parametrize(
    ("domain", "known"),
    [
        ("nordlicht.example", "nordlicht.example"),
        ("mail.nordlicht.example", "nordlicht.example"),
        ("suedwind.example", "nordlicht.example"),
        ("ibm.example", "kbm.example"),
        ("delta.example", "gamma.example"),
    ],
)
def test_an_honest_domain_is_not_accused(domain: str, known: str):
    assert not looks_like(domain, known, 2)


def test_a_domain_below_a_known_one_belongs_to_it_and_a_longer_name_does_not():
    assert belongs_to("mail.acme.example", "acme.example")
    assert not belongs_to("notacme.example", "acme.example")
    assert not belongs_to("acme.example.evil.test", "acme.example")


@pytest.mark.parametrize(
    ("address", "domain"), [("A@B.Example.", "b.example"), ("nobody", None), (None, None), ("@", None)]
)
def test_the_domain_of_an_address(address: str | None, domain: str | None):
    assert domain_of(address) == domain
