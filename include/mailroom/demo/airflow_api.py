"""Airflow over its REST API, as an operator's script would use it: start a DAG, see its runs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import httpx

from mailroom.domain.errors import UnavailableError

_RUNS = 100


@dataclass(frozen=True, slots=True)
class DagRun:
    """One run of a DAG; `why` is what started it (manual, scheduled, asset_triggered)."""

    dag: str
    id: str
    state: str
    why: str
    queued: datetime
    start: datetime | None
    end: datetime | None

    @property
    def seconds(self) -> float | None:
        """Return how long it ran, or None while it runs."""
        return None if self.start is None or self.end is None else (self.end - self.start).total_seconds()


class AirflowApi:
    """A client of one Airflow that logs in with a password. Raises `UnavailableError` when it gives no good answer."""

    def __init__(self, url: str, user: str, password: str) -> None:
        self._login = {"username": user, "password": password}
        self._client = httpx.Client(base_url=url, timeout=20, trust_env=False)

    def close(self) -> None:
        """Close the connection."""
        self._client.close()

    def dags(self) -> set[str]:
        """Return the DAGs that are known and not paused."""
        found = self._ask("GET", "/api/v2/dags", params={"paused": False, "limit": _RUNS})
        return {each["dag_id"] for each in found["dags"]}

    def import_errors(self) -> list[str]:
        """Return each DAG file that cannot be read, with the last line of why."""
        found = self._ask("GET", "/api/v2/importErrors")["import_errors"]
        return [f"{each['filename']}: {each['stack_trace'].strip().splitlines()[-1]}" for each in found]

    def trigger(self, dag: str, params: dict[str, Any]) -> str:
        """Start a run by hand with a form's parameters and return its id."""
        body = {"logical_date": None, "conf": params}
        return str(self._ask("POST", f"/api/v2/dags/{dag}/dagRuns", json=body)["dag_run_id"])

    def state(self, dag: str, run_id: str) -> str:
        """Return a run's state: queued, running, success or failed."""
        return str(self._ask("GET", f"/api/v2/dags/{dag}/dagRuns/{run_id}")["state"])

    def runs_since(self, moment: datetime) -> list[DagRun]:
        """Return every run that was queued after a moment, in the order in which they started."""
        wanted = {"run_after_gte": moment.astimezone(UTC).isoformat(), "order_by": "run_after", "limit": _RUNS}
        found = self._ask("GET", "/api/v2/dags/~/dagRuns", params=wanted)
        return sorted((_run(each) for each in found["dag_runs"]), key=lambda run: run.start or run.queued)

    def failed_tasks(self, run: DagRun) -> list[str]:
        """Return a run's tasks that failed, mapped ones with their index."""
        path = f"/api/v2/dags/{run.dag}/dagRuns/{run.id}/taskInstances"
        found = self._ask("GET", path, params={"state": "failed"})
        return [f"{each['task_id']}[{each['map_index']}]" for each in found["task_instances"]]

    def _ask(self, method: str, path: str, **given: Any) -> dict[str, Any]:
        try:
            answer = self._client.request(method, path, **given)
            if answer.status_code == httpx.codes.UNAUTHORIZED:
                token = self._client.post("/auth/token", json=self._login).raise_for_status().json()["access_token"]
                self._client.headers["Authorization"] = f"Bearer {token}"
                answer = self._client.request(method, path, **given)
            found: dict[str, Any] = answer.raise_for_status().json()
        except (httpx.HTTPError, ValueError, KeyError) as err:
            raise UnavailableError(f"Airflow gives no good answer to {path}: {err}", code="airflow") from err
        return found


def _run(found: dict[str, Any]) -> DagRun:
    return DagRun(
        found["dag_id"],
        found["dag_run_id"],
        found["state"],
        found["run_type"],
        datetime.fromisoformat(found["run_after"]),
        _moment(found["start_date"]),
        _moment(found["end_date"]),
    )


def _moment(words: str | None) -> datetime | None:
    return None if words is None else datetime.fromisoformat(words)
