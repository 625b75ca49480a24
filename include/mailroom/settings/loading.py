"""Read one YAML file into its model, all faults at once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from mailroom.settings.faults import Fault, faults_of

M = TypeVar("M", bound=BaseModel)

MOST_VALUES = 100_000
"""More than any policy holds, and soon read; a few lines of aliases can stand for billions."""

_PLACE = re.compile(r"\$\{(?P<name>[A-Za-z_][A-Za-z0-9_]*)(?::-(?P<default>[^}]*))?\}")


def load_file(path: Path, model: type[M], environment: Mapping[str, str]) -> tuple[M | None, list[Fault]]:
    """Return the file's content as `model`, or None and every fault.

    `${MAILROOM_NAME}` and `${MAILROOM_NAME:-default}` are replaced from `environment`; secrets are not
    reachable this way, they are named by `..._secret` settings.
    """
    try:
        node, body = _read(path)
    except _UnusableError as err:
        return None, [Fault(str(path), err.line, err.what)]
    doubles = _double_keys(node, path)
    if not isinstance(body, dict):
        return None, [Fault(str(path), 1, "the file must hold settings, `name: value` a line.")]
    missing: list[Fault] = []
    body = _filled(body, environment, path, missing)
    if doubles or missing:
        return None, doubles + missing
    try:
        return model.model_validate(body), []
    except ValidationError as err:
        return None, faults_of(err, path, node, model)


class _UnusableError(Exception):
    """A file that is no YAML: the line, and what is wrong."""

    def __init__(self, what: str, line: int = 1) -> None:
        super().__init__(what)
        self.what, self.line = what, line


def _read(path: Path) -> tuple[yaml.Node | None, Any]:
    """Return a file's YAML as nodes and as values. Raises `_UnusableError`."""
    try:
        if not path.is_file():
            raise _UnusableError("the file cannot be read: it is no file.")
        raw = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as err:
        raise _UnusableError(f"the file cannot be read: {err}.") from err
    try:
        node = yaml.compose(raw, Loader=yaml.SafeLoader)
        if _size(node, {}) > MOST_VALUES:
            raise _UnusableError(f"the file holds more than {MOST_VALUES} values, aliases written out.")
        return node, yaml.safe_load(raw)
    except yaml.YAMLError as err:
        mark = getattr(err, "problem_mark", None)
        what = getattr(err, "problem", None) or "not YAML"
        raise _UnusableError(f"the YAML is broken: {what}.", mark.line + 1 if mark else 1) from err
    except RecursionError as err:
        raise _UnusableError("the YAML is broken: it is nested too deep.") from err
    except (ValueError, TypeError) as err:
        # Such as a date that no calendar has.
        raise _UnusableError(f"the YAML is broken: {err}.") from err


def _filled(value: Any, environment: Mapping[str, str], path: Path, faults: list[Fault]) -> Any:
    if isinstance(value, dict):
        return {key: _filled(each, environment, path, faults) for key, each in value.items()}
    if isinstance(value, list):
        return [_filled(each, environment, path, faults) for each in value]
    if isinstance(value, str):
        return _PLACE.sub(lambda match: _value(match, environment, path, faults), value)
    return value


def _value(match: re.Match[str], environment: Mapping[str, str], path: Path, faults: list[Fault]) -> str:
    name, default = match["name"], match["default"]
    if not name.startswith("MAILROOM_") or name.startswith("MAILROOM_SECRET_"):
        faults.append(Fault(str(path), _line(path, name), f"${{{name}}} may not be used; only MAILROOM_ settings."))
        return ""
    found = environment.get(name, default)
    if found is None:
        what = f"${{{name}}} is not set in the environment and has no default (`${{{name}:-value}}`)."
        faults.append(Fault(str(path), _line(path, name), what))
        return ""
    return found


def _line(path: Path, name: str) -> int:
    lines = path.read_text(encoding="utf-8").splitlines()
    return next((number for number, line in enumerate(lines, 1) if f"${{{name}" in line), 1)


def _size(node: yaml.Node | None, known: dict[int, int]) -> int:
    """Return how many values a file holds once every alias is written out; an alias of itself is without end."""
    if not isinstance(node, yaml.CollectionNode):
        return 1
    if id(node) not in known:
        known[id(node)] = MOST_VALUES + 1  # what stands while its own parts are counted
        pairs = node.value if isinstance(node, yaml.SequenceNode) else [each for pair in node.value for each in pair]
        known[id(node)] = 1 + sum(_size(each, known) for each in pairs)
    return known[id(node)]


def _double_keys(node: yaml.Node | None, path: Path) -> list[Fault]:
    """YAML lets a key stand twice and keeps the last; here that is a fault."""
    faults: list[Fault] = []
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            if str(key.value) in seen:
                faults.append(Fault(str(path), key.start_mark.line + 1, f"{key.value!r} stands twice."))
            seen.add(str(key.value))
            faults += _double_keys(value, path)
    elif isinstance(node, yaml.SequenceNode):
        for each in node.value:
            faults += _double_keys(each, path)
    return faults
