"""Screening rules: what a mail is, by sender, recipient, subject, attachments and text. First match wins."""

from __future__ import annotations

import re
from typing import Annotated, Any, Self

from pydantic import BeforeValidator, Field, field_validator, model_validator

from mailroom.domain.document import DocumentType
from mailroom.domain.mail import Disposition
from mailroom.settings.base import Policy

FILE_KINDS = ("pdf", "xml", "image", "unsupported", "unreadable")
"""What an attachment is as a file; rules may name these beside the kinds of paper."""

_BUILT_IN = {Disposition.APPROVAL_REPLY, Disposition.DUPLICATE, Disposition.BOUNCE, Disposition.AUTO_REPLY}
_NESTED_REPEAT = re.compile(r"\([^()]*[^\\()][+*][^()]*\)[+*{]")
_LONGEST_PATTERN = 500


class TextTest(Policy):
    """A test of one text; exactly one of its keys is given. Case and runs of white space do not count.

    `is` compares the whole text (`*` stands for anything), `contains` looks for a part, `matches` searches
    a regular expression, `any_of` holds when one of its tests does.
    """

    is_: str | None = Field(default=None, alias="is", min_length=1)
    contains: str | None = Field(default=None, min_length=1)
    matches: str | None = Field(default=None, min_length=1, max_length=_LONGEST_PATTERN)
    any_of: tuple[TextTest, ...] | None = Field(default=None, min_length=1)

    @field_validator("matches")
    @classmethod
    def _compiles(cls, value: str | None) -> str | None:
        if value is None:
            return value
        try:
            re.compile(value)
        except (re.error, RecursionError, OverflowError) as err:
            raise ValueError(f"not a regular expression: {err}") from err
        if _NESTED_REPEAT.search(value):
            raise ValueError("a repeated group inside a repetition can take hours on one mail; write it flat")
        return value

    @model_validator(mode="after")
    def _one_key(self) -> Self:
        given = [name for name in ("is_", "contains", "matches", "any_of") if getattr(self, name) is not None]
        if len(given) != 1:
            raise ValueError("give exactly one of is, contains, matches, any_of")
        return self


def _test(word: str) -> BeforeValidator:
    """Read a bare text as `{word: text}`, and a list as any_of such texts."""

    def read(value: Any) -> Any:
        if isinstance(value, str):
            return {word: value}
        if isinstance(value, list | tuple):
            return {"any_of": [read(item) for item in value]}
        if isinstance(value, dict) and isinstance(value.get("any_of"), list | tuple):
            return {**value, "any_of": [read(item) for item in value["any_of"]]}
        return value

    return BeforeValidator(read)


WholeTest = Annotated[TextTest, _test("is")]
PartTest = Annotated[TextTest, _test("contains")]


def _as_list(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


class When(Policy):
    """The conditions of a rule; all that are given must hold.

    `sender` and `recipient` are whole addresses, `sender_domain` what follows the @. `attachment_name` and
    `attachment_kind` must hold for the same attachment. `text` is what a person reads in the mail.
    """

    sender: WholeTest | None = None
    sender_domain: WholeTest | None = None
    recipient: WholeTest | None = None
    subject: PartTest | None = None
    attachment_name: PartTest | None = None
    attachment_kind: Annotated[tuple[str, ...], BeforeValidator(_as_list)] = ()
    text: PartTest | None = None

    @field_validator("attachment_kind")
    @classmethod
    def _known_kinds(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        known = {kind.value for kind in DocumentType} | set(FILE_KINDS)
        unknown = [kind for kind in value if kind not in known]
        if unknown:
            raise ValueError(f"unknown kind {unknown[0]!r}; known are {', '.join(sorted(known))}")
        return value

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.model_fields_set:
            raise ValueError("a rule needs at least one condition")
        return self


class ScreeningRule(Policy):
    """One rule. With `continue: true` later rules may still decide otherwise."""

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,62}$")
    when: When
    disposition: Disposition
    reason: str = Field(min_length=1, max_length=200)
    continue_: bool = Field(default=False, alias="continue")

    @field_validator("disposition")
    @classmethod
    def _not_built_in(cls, value: Disposition) -> Disposition:
        if value in _BUILT_IN:
            raise ValueError(f"{value.value} is decided by Mailroom itself, never by a rule")
        return value


class ScreeningPolicy(Policy):
    """A rule set, and the size in bytes under which a picture is a logo and no document."""

    rules: tuple[ScreeningRule, ...] = ()
    smallest_picture: int = Field(default=20_000, ge=0)

    @field_validator("rules")
    @classmethod
    def _names_once(cls, value: tuple[ScreeningRule, ...]) -> tuple[ScreeningRule, ...]:
        names = [rule.name for rule in value]
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice:
            raise ValueError(f"two rules are named {twice!r}")
        return value
