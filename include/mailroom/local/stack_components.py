"""What the local stack is made of, and the environment its parts share."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping

from mailroom.local.airflow_components import AIRFLOW, airflow_components, make_airflow_database
from mailroom.local.airflow_health import answers_ok
from mailroom.local.airflow_settings import airflow_environment
from mailroom.local.component import Component
from mailroom.local.generated import generated
from mailroom.local.ledger import ledger_environment, make_ledger
from mailroom.local.listening import LOOPBACK
from mailroom.local.mail import MailServer
from mailroom.local.postgres import OWNER, Postgres
from mailroom.local.server import Server, component_environment
from mailroom.local.settings import StackSettings

LOGIN_ROLE = "mailroom_login"
DATABASE = "mailroom"
GROUPS: Mapping[str, tuple[str, ...]] = {"airflow": AIRFLOW}
PORTS_OF: Mapping[str, tuple[str, ...]] = {
    "postgres": ("postgres",),
    "mail": ("imap", "smtp"),
    "api-server": ("airflow",),
    "web": ("web",),
}
_OWNER_URL = "MAILROOM_DATABASE_OWNER_URL"


def postgres_of(settings: StackSettings) -> Postgres:
    """Return the stack's Postgres."""
    return Postgres(settings.folder.root, settings.port_postgres)


def mail_of(settings: StackSettings) -> MailServer:
    """Return the stack's mail server."""
    return MailServer(settings.folder.root, settings.port_imap, settings.port_smtp, domains=settings.domains)


def environment_of(settings: StackSettings) -> dict[str, str]:
    """Return every variable the product, Airflow and tests need to use a stack."""
    secrets = generated(settings.folder)
    return _product_environment(settings, secrets) | airflow_environment(settings, secrets)


def components_of(settings: StackSettings) -> list[Component]:
    """Return all components of a stack, ready to run."""
    secrets = generated(settings.folder)
    postgres, mail = postgres_of(settings), mail_of(settings)
    for_schema = component_environment() | _product_environment(settings, secrets)
    # The owner may do anything in the database: nobody but the migration gets its password.
    product = {name: value for name, value in for_schema.items() if name != _OWNER_URL}

    def make_databases() -> None:
        postgres.create_database(DATABASE)
        make_airflow_database(postgres, secrets["postgres_airflow"])
        make_ledger(postgres, secrets["postgres_ledger"])

    schema = Component(
        name="schema",
        command=lambda: [sys.executable, "-m", "mailroom.local.schema"],
        healthy=lambda _since: None,
        needs=("postgres",),
        settle=lambda: postgres.set_login(LOGIN_ROLE, secrets["postgres_login"]),
        environment=for_schema,
        once=True,
    )
    return [
        _server(postgres, settle=make_databases, ports=(postgres.port,)),
        _server(
            mail,
            ports=(mail.imap_port, mail.smtp_port),
            url=f"imap://{LOOPBACK}:{mail.imap_port} smtp://{LOOPBACK}:{mail.smtp_port}",
        ),
        schema,
        *airflow_components(settings, postgres, product | airflow_environment(settings, secrets)),
        _web(settings, product),
    ]


def _server(
    server: Server, *, ports: tuple[int, ...], url: str | None = None, settle: Callable[[], None] = lambda: None
) -> Component:
    return Component(
        name=server.name,
        command=server.command,
        healthy=lambda _since: server.is_ready(),
        prepare=server.prepare,
        settle=settle,
        environment=component_environment(),
        user=server.user,
        stop_signal=server.stop_signal,
        listens_on=ports,
        port=ports[0],
        url=url,
    )


def _web(settings: StackSettings, environment: Mapping[str, str]) -> Component:
    port = str(settings.port_web)
    return Component(
        name="web",
        command=lambda: [sys.executable, "-m", "mailroom.cli.main", "serve", "--port", port],
        healthy=lambda _since: answers_ok(settings.port_web, "/live"),
        needs=("schema",),
        environment=environment,
        cwd=settings.home,
        listens_on=(settings.port_web,),
        port=settings.port_web,
        url=environment["MAILROOM_WEB_URL"],
    )


def _product_environment(settings: StackSettings, secrets: Mapping[str, str]) -> dict[str, str]:
    folder = settings.folder
    address = f"{LOOPBACK}:{settings.port_postgres}/{DATABASE}"
    return {
        "MAILROOM_PROFILE": "local",
        "MAILROOM_STATE_DIR": str(folder.root),
        "MAILROOM_CONFIG_DIR": str(settings.config_dir or settings.home / "config"),
        "MAILROOM_DATABASE_URL": f"postgresql+psycopg://{LOGIN_ROLE}:{secrets['postgres_login']}@{address}",
        _OWNER_URL: f"postgresql+psycopg://{OWNER}:{secrets['postgres_owner']}@{address}",
        "MAILROOM_S3_URL": folder.objects.as_uri(),
        "MAILROOM_SMTP_HOST": LOOPBACK,
        "MAILROOM_SMTP_PORT": str(settings.port_smtp),
        "MAILROOM_SMTP_SECURITY": "plain",
        "MAILROOM_LOCAL_IMAP_HOST": LOOPBACK,
        "MAILROOM_LOCAL_IMAP_PORT": str(settings.port_imap),
        "MAILROOM_DNS_ZONE_FILE": str(folder.dns_zone),
        "MAILROOM_WEB_URL": f"http://{LOOPBACK}:{settings.port_web}",
        "MAILROOM_WEB_HOST": LOOPBACK,
        "MAILROOM_WEB_PORT": str(settings.port_web),
        "MAILROOM_SECRETS_DIR": os.environ.get("MAILROOM_SECRETS_DIR") or str(folder.own_secrets),
        "MAILROOM_SECRET_LOCAL_MAIL_PASSWORD": secrets["mail"],
        "MAILROOM_SECRET_AUDIT_KEY": secrets["audit_key"],
        "MAILROOM_SECRET_TOKEN_KEY": secrets["token_key"],
        **ledger_environment(settings, secrets["postgres_ledger"]),
    }
