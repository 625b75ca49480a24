"""`mailroom serve`: the web process."""

from __future__ import annotations

from typing import Annotated

import typer

from mailroom.bootstrap import Services
from mailroom.cli.opened import opened


def serve(
    host: Annotated[str | None, typer.Option(help="In place of MAILROOM_WEB_HOST.")] = None,
    port: Annotated[int | None, typer.Option(min=1, max=65535, help="In place of MAILROOM_WEB_PORT.")] = None,
) -> None:
    """Serve the link pages, the REST API and /health until stopped."""
    import uvicorn

    from mailroom.web.api.policy import ApiPolicy
    from mailroom.web.app import create_app

    with opened() as found:
        found.database  # noqa: B018 - says now, not at the first request, that none is named
        _check_settings(found)
        uvicorn.run(
            create_app(found, policy=ApiPolicy.of(found.environment)),
            host=host or found.environment.web_host,
            port=port or found.environment.web_port,
            log_level="warning",
            server_header=False,
        )


def _check_settings(found: Services) -> None:
    """Say at once what is not set; a database that does not answer yet is /health's to tell."""
    _ = found.database, found.store, found.audit_key, found.token_key
