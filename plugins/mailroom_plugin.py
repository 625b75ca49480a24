"""Links from Airflow's pages into the mailroom's own; nothing is shown or decided here."""

import os
from typing import Any, ClassVar

from airflow.plugins_manager import AirflowPlugin

from mailroom.settings.environment import Environment


class MailroomPlugin(AirflowPlugin):
    """One entry in Airflow's navigation: the web process, where people see whether all is well."""

    name = "mailroom"
    external_views: ClassVar[list[Any]] = [
        {
            "name": "Mailroom health",
            "href": f"{Environment.read(os.environ).web_url.rstrip('/')}/health",
            "destination": "nav",
            "category": "browse",
        }
    ]
