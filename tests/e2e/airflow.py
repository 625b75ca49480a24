"""Airflow's REST API as a person at its pages would use it."""

from __future__ import annotations

from typing import Any

import httpx


class Airflow:
    """A logged-in client of one Airflow."""

    def __init__(self, url: str, user: str, password: str) -> None:
        self._client = httpx.Client(base_url=url, timeout=20, trust_env=False)
        answer = self._client.post("/auth/token", json={"username": user, "password": password}).raise_for_status()
        self._client.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"

    def close(self) -> None:
        self._client.close()

    def import_errors(self) -> list[dict[str, Any]]:
        return list(self._ask("GET", "importErrors")["import_errors"])

    def paused(self) -> dict[str, bool]:
        return {each["dag_id"]: each["is_paused"] for each in self._ask("GET", "dags")["dags"]}

    def runs(self, dag: str) -> list[dict[str, Any]]:
        """Return the latest runs, newest first."""
        found = self._ask("GET", f"dags/{dag}/dagRuns", params={"order_by": "-run_after", "limit": 50})
        return list(found["dag_runs"])

    def tasks(self, dag: str, run: str) -> list[dict[str, Any]]:
        return list(
            self._ask("GET", f"dags/{dag}/dagRuns/{run}/taskInstances", params={"limit": 200})["task_instances"]
        )

    def clear(self, dag: str, run: str, *tasks: str | list[Any]) -> None:
        """Have finished tasks run again: ids, or [id, index of a mapped one]."""
        body = {"dry_run": False, "only_failed": False, "dag_run_id": run, "task_ids": list(tasks)}
        self._ask("POST", f"dags/{dag}/clearTaskInstances", json=body)

    def delete_run(self, dag: str, run: str) -> None:
        self._client.delete(f"/api/v2/dags/{dag}/dagRuns/{run}").raise_for_status()

    def trigger(self, dag: str, conf: dict[str, Any]) -> httpx.Response:
        """Start a run with a form's values; the answer is returned as it came."""
        return self._client.post(f"/api/v2/dags/{dag}/dagRuns", json={"logical_date": None, "conf": conf})

    def _ask(self, method: str, path: str, **given: Any) -> dict[str, Any]:
        found: dict[str, Any] = self._client.request(method, f"/api/v2/{path}", **given).raise_for_status().json()
        return found
