"""The plugin, loaded as Airflow loads it."""

from __future__ import annotations

import json
import os
import subprocess
import sys

from tests.dags.conftest import ROOT

LOAD = """
import json
from airflow import plugins_manager
found, errors = plugins_manager._get_plugins()
print("FOUND " + json.dumps([errors, [[each.name, each.external_views] for each in found if each.name == "mailroom"]]))
"""


def test_the_plugin_links_to_the_web_process_and_brings_nothing_else():
    environment = {
        **os.environ,
        "AIRFLOW__CORE__PLUGINS_FOLDER": str(ROOT / "plugins"),
        "MAILROOM_WEB_URL": "https://mailroom.example/",
    }

    done = subprocess.run([sys.executable, "-c", LOAD], env=environment, capture_output=True, text=True)

    assert done.returncode == 0, done.stderr
    errors, plugins = json.loads(done.stdout.rpartition("FOUND ")[2])
    assert errors == {}
    [[name, views]] = plugins
    assert name == "mailroom"
    assert [view["href"] for view in views] == ["https://mailroom.example/health"]


def test_no_plugin_file_hides_a_module_of_the_standard_library():
    names = {path.stem for path in (ROOT / "plugins").glob("*.py")}

    assert names == {"mailroom_plugin"}
    assert not names & sys.stdlib_module_names
