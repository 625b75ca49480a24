"""Mails from templates: text and HTML, strict about what a template may take for granted."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateError, TemplateNotFound, select_autoescape
from sqlalchemy import Connection

from mailroom.database.outbox import OutboxItem
from mailroom.domain.errors import ConfigurationError, RejectedInputError
from mailroom.domain.mail import Attachment
from mailroom.engine.setup import Setups
from mailroom.settings.customers import CustomerPolicy

SHARED_TEMPLATES = Path(__file__).parent / "templates"
"""The layout of every mail, and the mails that belong to no capability."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A rendered mail before it is addressed. `message_id` replaces the stable one that the outbox keeps."""

    subject: str
    text: str
    html: str
    message_id: str | None = None
    in_reply_to: str | None = None
    references: tuple[str, ...] = ()
    attachments: tuple[Attachment, ...] = ()


class Templates:
    """Templates in some folders, the first that has one wins; `NAME.txt.j2` and `NAME.html.j2` make a mail.

    The text begins with `Subject: {% block subject %}...{% endblock %}`. HTML is escaped; a value that is missing
    is an error, not a gap.
    """

    def __init__(self, folders: Sequence[Path]) -> None:
        self._environment = Environment(
            loader=FileSystemLoader([str(folder) for folder in (*folders, SHARED_TEMPLATES)]),
            autoescape=select_autoescape(("html", "html.j2"), default=False),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
        )

    def render(self, name: str, context: Mapping[str, Any]) -> Letter:
        """Return the mail; raises `RejectedInputError` (`bad_template`) naming what is missing."""
        try:
            template = self._environment.get_template(f"{name}.txt.j2")
            subject = "".join(template.blocks["subject"](template.new_context(dict(context))))
            text = template.render(context).removeprefix(f"Subject: {subject}")
            html = self._environment.get_template(f"{name}.html.j2").render(context)
        except TemplateNotFound as err:
            raise RejectedInputError(f"there is no mail template {err.name!r}", code="bad_template") from err
        except TemplateError as err:
            raise RejectedInputError(f"mail template {name!r}: {err.message}", code="bad_template") from err
        # A line end in outside text must not end the subject (T15).
        return Letter(" ".join(subject.split()), re.sub(r"\n{3,}", "\n\n", text).strip() + "\n", html)


Composer = Callable[[Connection, OutboxItem, CustomerPolicy], Letter | None]
"""Makes a mail from its outbox row and the database as it is now; None when its reason is gone."""


@dataclass(frozen=True, slots=True)
class Addressed:
    """A rendered mail and the customer it is sent for."""

    customer: CustomerPolicy
    letter: Letter


Render = Callable[[Connection, OutboxItem], Addressed | None]
"""What delivery asks for each mail."""


def rendering(templates: Templates, setups: Setups, composers: Mapping[str, Composer]) -> Render:
    """Return the renderer: `composers` by template name, every other template filled from its row."""

    def plain(_connection: Connection, item: OutboxItem, customer: CustomerPolicy) -> Letter:
        context = {"organization": customer.name, "owner": customer.owner, **item.content.get("context", {})}
        return templates.render(item.template, context)

    def render(connection: Connection, item: OutboxItem) -> Addressed | None:
        setup = setups.of(item.organization_id)
        if setup is None:
            raise ConfigurationError("the customer has no usable configuration", code="no_configuration")
        letter = composers.get(item.template, plain)(connection, item, setup.customer)
        return None if letter is None else Addressed(setup.customer, letter)

    return render
