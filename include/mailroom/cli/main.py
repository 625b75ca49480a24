"""The `mailroom` command: every step by hand."""

from __future__ import annotations

import logging
import os
import sys
import uuid
from importlib import import_module
from typing import Any

import structlog
import typer
import typer.main
from typer.core import TyperCommand, TyperGroup

from mailroom import __version__
from mailroom.domain.errors import MailroomError

log = structlog.get_logger()

TARGETS = {
    "up": ("local_stack:up", "Start the local stack: Postgres, mail, Airflow, web pages."),
    "down": ("local_stack:down", "Stop the local stack."),
    "status": ("local_stack:status", "Show what each part of the local stack is doing."),
    "demo": ("demo:demo", "Tell the whole story with real mails on a stack of its own."),
    "check-config": ("configuration:check_config", "Report every fault of the configuration at once."),
    "schemas": ("configuration:schemas", "Write the schemas that editors check config/*.yaml by."),
    "migrate": ("admin:migrate", "Bring the database's schema up to date."),
    "tick": ("work:tick", "Do all due work now, without Airflow."),
    "poll": ("work:poll", "Read mailboxes now."),
    "screen": ("screen:screen_command", "Show what mails are taken for, and why."),
    "extract": ("extract:extract", "Show what is read from documents, and where it stands."),
    "reply": ("reply:reply", "Show what an answer says and what it would decide."),
    "messages": ("messages:app", "Every message ever seen, and what became of it."),
    "transactions": ("transactions:app", "Invoices on their way: find one, see its story, take it on."),
    "approvals": ("approvals:app", "What people were asked to decide."),
    "suppliers": ("suppliers:app", "Who is on file, and which bank accounts are trusted."),
    "mailboxes": ("mailboxes:app", "Which mailboxes are read, and how they are."),
    "connectors": ("connectors:app", "Connections to accounting systems."),
    "report": ("report:app", "What needs somebody, and what happened."),
    "audit": ("audit:app", "Verify and export the event log."),
    "bench": ("bench:bench", "Measure, each figure beside its baseline."),
    "organization": ("admin:organization_app", "Organizations, the walls between customers."),
    "user": ("admin:user_app", "People of an organization."),
    "api-key": ("api_keys:app", "Keys of the REST API."),
    "serve": ("serve:serve", "Serve the web pages until stopped."),
}
"""Commands by name: a function, or an app of sub-commands, in `mailroom.cli`, and what it is for in one line.

Each is loaded when it is called: the list needs none of them, and a command that needs no database starts
without its libraries.
"""


class LazyGroup(TyperGroup):
    """A group whose commands are imported when they are called."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.commands = {name: TyperCommand(name, help=words) for name, (_, words) in TARGETS.items()}

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Return the command that is called, loaded."""
        name, command, rest = super().resolve_command(ctx, args)
        return name, None if command is None else loaded(str(command.name)), rest


def loaded(name: str) -> Any:
    """Import a command of the table."""
    module, attribute = TARGETS[name][0].split(":")
    target = getattr(import_module(f"mailroom.cli.{module}"), attribute)
    if isinstance(target, typer.Typer):
        group: Any = typer.main.get_group(target)
        group.name = name
        return group
    single = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    single.command(name)(target)
    return typer.main.get_command(single)


app = typer.Typer(
    cls=LazyGroup,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Mailroom reads the mail that invoices arrive in and takes each one to the ERP.",
)


def _version(asked: bool) -> None:
    if asked:
        typer.echo(__version__)
        raise typer.Exit


@app.callback()
def _main(
    version: bool = typer.Option(False, "--version", callback=_version, is_eager=True, help="Show the version."),
) -> None:
    """Mailroom reads the mail that invoices arrive in and takes each one to the ERP."""
    # Standard output is for answers alone: other programs read it line by line.
    level = logging.getLevelNamesMapping().get(os.environ.get("MAILROOM_LOG_LEVEL", "").upper(), logging.WARNING)
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


def run() -> None:
    """Run the command line. Every error is one sentence on standard error, with an id, and a non-zero exit."""
    try:
        app()
    except MailroomError as err:
        error_id = uuid.uuid4().hex[:8]
        log.debug("command failed", id=error_id, code=err.code)
        sys.stderr.write(f"mailroom: {err.message} [{err.code} {error_id}]\n")
        sys.exit(1)
    except (KeyboardInterrupt, BrokenPipeError):
        sys.stderr.write("mailroom: stopped.\n")
        sys.exit(130)
    except ModuleNotFoundError as err:
        sys.stderr.write(f"mailroom: the Python package {err.name} is not installed; `make setup` installs it\n")
        sys.exit(1)
    except Exception as err:
        error_id = uuid.uuid4().hex[:8]
        log.debug("command failed", id=error_id, exc_info=err)
        what = f"unexpected {type(err).__name__}; MAILROOM_LOG_LEVEL=debug shows where"
        sys.stderr.write(f"mailroom: {what} [fault {error_id}]\n")
        sys.exit(1)


if __name__ == "__main__":
    run()
