"""Write the package of a new connector: `make new-connector NAME=my_system`, or python tools/new_connector.py NAME.

The package passes the contract suite from the first minute, on a stand-in for the system; its README says what to
replace in which order.
"""

from __future__ import annotations

import argparse
import keyword
import re
import sys
from importlib.metadata import entry_points
from pathlib import Path

PATTERN = Path(__file__).with_name("connector_pattern")
_NAME = re.compile(r"^[a-z][a-z0-9]*(_[a-z0-9]+)*$")
_KINDS = frozenset({".py", ".toml", ".md"})


def write_package(name: str, parent: Path) -> Path:
    """Write the package beside others under `parent` and return its folder; raises `ValueError` with one sentence."""
    if not _NAME.match(name) or keyword.iskeyword(name) or name in sys.stdlib_module_names:
        raise ValueError(f"{name!r} cannot be a connector's name; write it like my_system")
    if name in {point.name for point in entry_points(group="erp_connectors")}:
        raise ValueError(f"a connector {name!r} is installed already")
    folder = parent / f"erp-connector-{name.replace('_', '-')}"
    if folder.exists():
        raise ValueError(f"{folder} is there already and is left as it is")
    for source in sorted(path for path in PATTERN.rglob("*") if path.suffix in _KINDS):
        target = folder / _renamed(str(source.relative_to(PATTERN)), name)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(_renamed(source.read_text(encoding="utf-8"), name), encoding="utf-8")
    return folder


def _renamed(text: str, name: str) -> str:
    words = name.split("_")
    spellings = {
        "example_erp": name,
        "example-erp": "-".join(words),
        "ExampleErp": "".join(word.capitalize() for word in words),
        "Example Erp": " ".join(word.capitalize() for word in words),
    }
    for ours, theirs in spellings.items():
        text = text.replace(ours, theirs)
    return text


def main() -> int:
    """Read the command line, write the package, say what to do next."""
    parser = argparse.ArgumentParser(description="Write the package of a new connector.")
    parser.add_argument("name", help="how config/connectors/*.yaml will call it, such as my_system")
    parser.add_argument("--to", type=Path, default=Path(), help="the folder to write it into (default: here)")
    arguments = parser.parse_args()
    try:
        folder = write_package(arguments.name, arguments.to)
    except (ValueError, OSError) as err:
        print(f"new-connector: {err}", file=sys.stderr)  # noqa: T201 - a command talks to its terminal
        return 1
    print(f"new-connector: wrote {folder}; next: cd {folder} && pip install -e '.[testing]' && pytest")  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main())
