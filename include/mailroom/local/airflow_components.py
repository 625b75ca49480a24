"""Airflow's four processes, and the migration of its metadata before them."""

from __future__ import annotations

import importlib.metadata
import sys
from collections.abc import Mapping
from dataclasses import replace

from psycopg import sql

from mailroom.local.airflow_health import AirflowHealth
from mailroom.local.airflow_settings import AIRFLOW_DATABASE, AIRFLOW_ROLE
from mailroom.local.component import Component
from mailroom.local.generated import generated, write_airflow_passwords
from mailroom.local.listening import LOOPBACK
from mailroom.local.postgres import Postgres
from mailroom.local.settings import StackSettings

AIRFLOW = ("airflow-schema", "api-server", "scheduler", "dag-processor", "triggerer")


def airflow_components(settings: StackSettings, postgres: Postgres, environment: Mapping[str, str]) -> list[Component]:
    """Return Airflow's components as they run on one machine."""
    health = AirflowHealth(settings.port_airflow)
    api_server = Component(
        name="api-server",
        command=lambda: airflow_command("api-server"),
        healthy=lambda _since: health.api_server(),
        needs=("airflow-schema",),
        prepare=lambda: write_airflow_passwords(settings.folder, generated(settings.folder)),
        environment=environment,
        cwd=settings.home,
        listens_on=(settings.port_airflow,),
        port=settings.port_airflow,
        url=f"http://{LOOPBACK}:{settings.port_airflow}",
    )
    scheduler = replace(
        _daemon("scheduler", settings, health, environment),
        prepare=lambda: close_scheduler_jobs(postgres),
        # Running tasks end by themselves first; they report to the api-server and may send mail.
        stop_within=20,
        stops_before=("api-server", "mail"),
    )
    # Asked once, the triggerer waits 10 s for its runner; asked twice it ends. Triggers live in Postgres.
    triggerer = replace(_daemon("triggerer", settings, health, environment), stop_within=1)
    return [
        _schema(settings, postgres, environment),
        api_server,
        scheduler,
        _daemon("dag-processor", settings, health, environment),
        triggerer,
    ]


def airflow_command(*arguments: str) -> list[str]:
    """Return a command of Airflow's command line, by our own interpreter."""
    return [sys.executable, "-m", "airflow", *arguments]


def make_airflow_database(postgres: Postgres, password: str) -> None:
    """Make Airflow's role and its metadata database, apart from the product's."""
    postgres.set_login(AIRFLOW_ROLE, password)
    postgres.create_database(AIRFLOW_DATABASE, owner=AIRFLOW_ROLE)


def close_scheduler_jobs(postgres: Postgres) -> None:
    """Tell Airflow that no scheduler runs, so that the next one takes over interrupted tasks at once.

    Airflow itself waits until a scheduler has been silent for 30 s. Call it only when every process of
    the last scheduler has been ended, as before each start of ours.
    """
    with postgres.connect(AIRFLOW_DATABASE) as connection:
        connection.execute(
            "UPDATE job SET state = 'failed', end_date = now() WHERE job_type = 'SchedulerJob' AND state = 'running'"
        )


def _daemon(
    name: str,
    settings: StackSettings,
    health: AirflowHealth,
    environment: Mapping[str, str],
) -> Component:
    # Task logs are files on this machine, which the api-server reads itself; without the flag the
    # scheduler and the triggerer would serve them on all interfaces.
    flags = () if name == "dag-processor" else ("--skip-serve-logs",)
    return Component(
        name=name,
        command=lambda: airflow_command(name, *flags),
        healthy=lambda since: health.beats(name, since),
        needs=("airflow-schema",),
        environment=environment,
        cwd=settings.home,
    )


def _schema(settings: StackSettings, postgres: Postgres, environment: Mapping[str, str]) -> Component:
    version = importlib.metadata.version("apache-airflow-core")
    return Component(
        name="airflow-schema",
        command=lambda: airflow_command("db", "migrate"),
        healthy=lambda _since: None,
        needs=("postgres",),
        environment=environment,
        cwd=settings.home,
        once=True,
        skip=lambda: _migrated_by(postgres) == version,
        settle=lambda: _mark_migrated(postgres, version),
    )


def _migrated_by(postgres: Postgres) -> str | None:
    """Return the Airflow version that last migrated the metadata: looking costs 10 ms, migrating 5 s."""
    query = "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s"
    with postgres.connect() as connection:
        row = connection.execute(query, (AIRFLOW_DATABASE,)).fetchone()
    return str(row[0]) if row else None


def _mark_migrated(postgres: Postgres, version: str) -> None:
    with postgres.connect() as connection:
        statement = sql.SQL("COMMENT ON DATABASE {} IS {}")
        connection.execute(statement.format(sql.Identifier(AIRFLOW_DATABASE), sql.Literal(version)))
