"""What Airflow says about its own components."""

from __future__ import annotations

import http.client
import json
import time
from datetime import datetime
from typing import Any

from mailroom.local.listening import LOOPBACK

_HEARTBEATS = {
    "scheduler": ("scheduler", "latest_scheduler_heartbeat"),
    "dag-processor": ("dag_processor", "latest_dag_processor_heartbeat"),
    "triggerer": ("triggerer", "latest_triggerer_heartbeat"),
}
_KEEP = 0.5  # seconds; four components ask at about the same time


class AirflowHealth:
    """Ask the api-server's health page; one answer serves all who ask within half a second."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._asked = 0.0
        self._answer: dict[str, Any] | None = None

    def api_server(self) -> bool:
        """Tell whether the api-server answers and reaches its database."""
        answer = self._ask()
        return answer is not None and answer["metadatabase"]["status"] == "healthy"

    def beats(self, component: str, since: float) -> bool | None:
        """Tell whether a component is healthy and has given a heartbeat after `since` (seconds since 1970).

        Without the second, the heartbeat of a predecessor that has just been killed would count. None
        when the api-server does not answer.
        """
        answer = self._ask()
        if answer is None:
            return None
        section, field = _HEARTBEATS[component]
        found = answer.get(section) or {}
        latest = found.get(field)
        if found.get("status") != "healthy" or not latest:
            return False
        return datetime.fromisoformat(latest).timestamp() >= since

    def _ask(self) -> dict[str, Any] | None:
        if time.monotonic() - self._asked > _KEEP:
            self._answer = fetch_json(self._port, "/api/v2/monitor/health")
            self._asked = time.monotonic()
        return self._answer


def fetch_json(port: int, path: str, within: float = 2.0) -> dict[str, Any] | None:
    """Return the JSON object a loopback server answers a GET with, or None when it does not answer 200."""
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=within)
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        if response.status != http.client.OK:
            return None
        value = json.loads(response.read())
    except (OSError, http.client.HTTPException, ValueError):
        return None
    finally:
        connection.close()
    return value if isinstance(value, dict) else None


def answers_ok(port: int, path: str, within: float = 2.0) -> bool:
    """Tell whether a loopback server answers a GET with 200."""
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=within)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
