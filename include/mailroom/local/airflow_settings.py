"""Airflow's settings for the local stack, all by environment variable.

Figures were measured on Airflow 3.3 with two cores. A test checks every name against the installed
Airflow, which ignores a misspelt one in silence.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from mailroom.local.generated import AIRFLOW_PASSWORDS_FILE, AIRFLOW_USER
from mailroom.local.listening import LOOPBACK
from mailroom.local.settings import StackSettings

AIRFLOW_ROLE = "airflow"
AIRFLOW_DATABASE = "airflow"


def airflow_environment(settings: StackSettings, secrets: dict[str, str]) -> dict[str, str]:
    """Return every variable Airflow's components need."""
    folder, home = settings.folder, settings.home
    url = f"http://{LOOPBACK}:{settings.port_airflow}"
    login = f"{AIRFLOW_ROLE}:{secrets['postgres_airflow']}@{LOOPBACK}:{settings.port_postgres}/{AIRFLOW_DATABASE}"
    options = {
        "core": {
            "executor": "LocalExecutor",
            "parallelism": "8",  # more adds nothing on two cores
            "dags_folder": str(settings.dags_dir or home / "dags"),
            "plugins_folder": str(home / "plugins"),
            "load_examples": "False",
            "dags_are_paused_at_creation": "False",
            "fernet_key": secrets["airflow_fernet"],
            "simple_auth_manager_users": f"{AIRFLOW_USER}:admin",
            "simple_auth_manager_passwords_file": str(folder.secrets / AIRFLOW_PASSWORDS_FILE),
            "execution_api_server_url": f"{url}/execution/",
            "hostname_callable": "socket.gethostname",  # the default asks DNS
        },
        "database": {
            "sql_alchemy_conn": f"postgresql+psycopg://{login}",
            "sql_alchemy_conn_async": f"postgresql+asyncpg://{login}",
        },
        "api": {
            "host": LOOPBACK,
            "port": str(settings.port_airflow),
            "base_url": url,
            "workers": "1",
            "secret_key": secrets["airflow_api"],
        },
        "api_auth": {"jwt_secret": secrets["airflow_jwt"], "jwt_issuer": "mailroom"},
        "logging": {
            "base_log_folder": str(folder.airflow / "logs"),
            "dag_processor_child_process_log_directory": str(folder.airflow / "logs" / "dag_processor"),
            "colored_console_log": "False",
        },
        "scheduler": {
            "scheduler_idle_sleep_time": "0.2",  # from event to task start in 0.5-0.9 s
            # A task whose process is gone is found within 50 s; Airflow's own default is 316 s.
            "task_instance_heartbeat_timeout": "45",
            "task_instance_heartbeat_timeout_detection_interval": "5",
            "orphaned_tasks_check_interval": "10",
            "enable_health_check": "False",
        },
        "workers": {
            # The default of 5 lets a supervisor sleep that long after its task has ended, holding the slot.
            "min_heartbeat_interval": "1",
            # With a beat a second, three failures would end every task while the api-server restarts.
            "max_failed_heartbeats": "30",
        },
        "dag_processor": {
            "refresh_interval": "30",
            "dag_bundle_storage_path": str(folder.airflow / "bundles"),
        },
    }
    if sys.platform == "linux":
        options["core"]["mp_start_method"] = "fork"  # children inherit what airflow_local_settings imported
    named = {
        f"AIRFLOW__{section.upper()}__{name.upper()}": value
        for section, values in options.items()
        for name, value in values.items()
    }
    return named | {
        "AIRFLOW_HOME": str(folder.airflow),
        "PYTHONPATH": _with_local_settings(home),
        # No pings to anybody: Airflow and its packages, Great Expectations.
        "SCARF_ANALYTICS": "false",
        "SCARF_NO_ANALYTICS": "true",
        "DO_NOT_TRACK": "1",
        "GX_ANALYTICS_ENABLED": "false",
    }


def _with_local_settings(home: Path) -> str:
    known = [part for part in os.environ.get("PYTHONPATH", "").split(os.pathsep) if part]
    return os.pathsep.join(dict.fromkeys([str(home / "config" / "airflow"), *known]))
