"""The `mailroom` command: every step by hand."""

from __future__ import annotations

import logging
import sys
import uuid
from importlib import import_module
from typing import Any

import structlog
import typer
import typer.main
from typer.core import TyperGroup

from mailroom import __version__
from mailroom.domain.errors import MailroomError

log = structlog.get_logger()

TARGETS = {
    "up": "local_stack:up",
    "down": "local_stack:down",
    "status": "local_stack:status",
    "demo": "demo:demo",
    "check-config": "configuration:check_config",
    "schemas": "configuration:schemas",
    "migrate": "admin:migrate",
    "tick": "work:tick",
    "poll": "work:poll",
    "screen": "screen:screen_command",
    "extract": "extract:extract",
    "reply": "reply:reply",
    "messages": "messages:app",
    "transactions": "transactions:app",
    "approvals": "approvals:app",
    "suppliers": "suppliers:app",
    "mailboxes": "mailboxes:app",
    "connectors": "connectors:app",
    "report": "report:app",
    "audit": "audit:app",
    "bench": "bench:bench",
    "organization": "admin:organization_app",
    "user": "admin:user_app",
    "api-key": "api_keys:app",
    "serve": "serve:serve",
}
"""Commands by name: a function, or an app of sub-commands, in `mailroom.cli`.

Each is loaded when it is called, so that a command that needs no database starts without its libraries.
"""


class LazyGroup(TyperGroup):
    """A group whose commands are imported when they are called."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Return the names, in the order of the table."""
        return list(TARGETS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Return a command, or None when there is none of that name."""
        if cmd_name not in TARGETS:
            return None
        module, name = TARGETS[cmd_name].split(":")
        target = getattr(import_module(f"mailroom.cli.{module}"), name)
        if isinstance(target, typer.Typer):
            group: Any = typer.main.get_group(target)
            group.name = cmd_name
            return group
        single = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
        single.command(cmd_name)(target)
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
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING),
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
    except Exception as err:
        error_id = uuid.uuid4().hex[:8]
        log.debug("command failed", id=error_id, exc_info=err)
        what = f"unexpected {type(err).__name__}; MAILROOM_LOG_LEVEL=debug shows where"
        sys.stderr.write(f"mailroom: {what} [fault {error_id}]\n")
        sys.exit(1)


if __name__ == "__main__":
    run()
