"""The rule language: what a condition means, and what is refused when a rule is loaded."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from mailroom.domain.rfc822 import read_mail
from mailroom.intake.parts import look_at
from mailroom.intake.rules import first_claim
from mailroom.settings.screening import ScreeningPolicy, ScreeningRule
from tests.unit.raw_mail import a_mail

PDF = (("Invoice-7.pdf", "application/pdf", b"%PDF-1.4"), ("logo.gif", "image/gif", b"GIF89a" + b"x" * 40_000))


def claimed(when: dict, **mail) -> bool:
    rule = ScreeningRule.model_validate({"name": "one", "when": when, "disposition": "invoice", "reason": "x"})
    read = read_mail(a_mail(**mail))
    parts = [look_at(part, read, 20_000) for part in read.parts]
    return first_claim([rule], read, parts) is not None


@pytest.mark.parametrize(
    "when",
    [
        {"sender": "billing@acme.test"},
        {"sender": "BILLING@ACME.TEST"},
        {"sender": "*@acme.test"},
        {"sender_domain": "acme.test"},
        {"sender_domain": {"any_of": ["x.test", "acme.test"]}},
        {"sender_domain": ["x.test", "acme.test"]},
        {"recipient": "ap@customer.test"},
        {"subject": "invoice"},
        {"subject": {"matches": r"inv-\d+$"}},
        {"subject": {"any_of": [{"is": "other"}, {"contains": "INV"}]}},
        {"attachment_name": {"matches": r"\.pdf$"}},
        {"attachment_kind": "pdf"},
        {"attachment_kind": ["invoice", "statement"]},
        {"attachment_name": "invoice", "attachment_kind": "pdf"},
        {"text": "the   ATTACHMENT"},
        {"sender_domain": "acme.test", "subject": "invoice"},
    ],
)
def test_conditions_that_hold(when):
    assert claimed(when, files=PDF)


@pytest.mark.parametrize(
    "when",
    [
        {"sender": "billing@acme"},
        {"sender_domain": "cme.test"},
        {"recipient": "ap"},  # C59: the whole address, never its local part
        {"recipient": "ap@other.test"},
        {"recipient": "ap+7@customer.test"},
        {"subject": {"is": "invoice"}},
        {"attachment_kind": "statement"},
        {"attachment_name": "logo", "attachment_kind": "pdf"},
        {"sender_domain": "acme.test", "subject": "statement"},
    ],
)
def test_conditions_that_do_not_hold(when):
    assert not claimed(when, files=PDF)


def test_the_text_is_that_of_html_too_and_never_what_it_hides():
    page = '<p>Please pay</p><p style="display:none">secret</p>'

    assert claimed({"text": "please pay"}, body="\n", html=page)
    assert not claimed({"text": "secret"}, body="\n", html=page)


def test_the_first_rule_that_matches_wins():
    policy = policy_of(("first", "invoice", False), ("second", "invoice", False))

    claim = first_claim(policy.rules, read_mail(a_mail()), [])

    assert claim is not None
    assert claim.rule.name == "first"


def test_a_rule_that_continues_decides_only_when_no_later_one_does():
    policy = policy_of(("noticed", "invoice", True), ("second", "invoice", False), ("third", "nothing like it", False))

    claim = first_claim(policy.rules, read_mail(a_mail()), [])
    alone = first_claim(policy.rules[::2], read_mail(a_mail()), [])

    assert claim is not None
    assert alone is not None
    assert (claim.rule.name, claim.passed) == ("second", ("noticed",))
    assert (alone.rule.name, alone.passed) == ("noticed", ())


def policy_of(*rules: tuple[str, str, bool]) -> ScreeningPolicy:
    return ScreeningPolicy.model_validate(
        {
            "rules": [
                {"name": name, "when": {"subject": word}, "disposition": "statement", "reason": "x", "continue": more}
                for name, word, more in rules
            ]
        }
    )


@pytest.mark.parametrize(
    ("rule", "fault"),
    [
        ({"when": {"subject": {"matches": "("}}}, "regular expression"),
        ({"when": {"subject": {"matches": "(a+)+$"}}}, "repeated group"),
        ({"when": {"subject": {"matches": "x", "contains": "y"}}}, "exactly one"),
        ({"when": {}}, "at least one condition"),
        ({"when": {"subjekt": "x"}}, "subjekt"),
        ({"when": {"attachment_kind": "invoce"}}, "unknown kind"),
        ({"when": {"subject": "x"}, "disposition": "approval_reply"}, "decided by Mailroom itself"),
        ({"when": {"subject": "x"}, "disposition": "paid"}, "disposition"),
        ({"when": {"subject": "x"}, "reason": ""}, "reason"),
    ],
)
def test_a_faulty_rule_is_refused_when_it_is_loaded(rule, fault):
    with pytest.raises(ValidationError, match=fault):
        ScreeningPolicy.model_validate({"rules": [{"name": "one", "disposition": "invoice", "reason": "x", **rule}]})


def test_a_name_stands_once():
    with pytest.raises(ValidationError, match="two rules"):
        policy_of(("one", "x", False), ("one", "y", False))
