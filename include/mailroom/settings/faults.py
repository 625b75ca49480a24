"""Faults of configuration files: file:line, what is wrong, did you mean."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

import yaml
from pydantic import BaseModel, ValidationError


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One thing that is wrong in one place."""

    file: str
    line: int
    what: str
    suggestion: str | None = None

    def __str__(self) -> str:
        hint = f" Did you mean {self.suggestion!r}?" if self.suggestion else ""
        return f"{self.file}:{self.line}: {self.what}{hint}"


def did_you_mean(word: str, known: Iterable[str]) -> str | None:
    """Return the known word that is closest, when one is close."""
    close = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return close[0] if close else None


def line_of(node: yaml.Node | None, path: Sequence[Any]) -> int:
    """Return the line (from 1) of the value at `path`, or of the nearest thing above it that exists."""
    line = 1
    for part in path:
        if node is None:
            return line
        line = node.start_mark.line + 1
        node, found = _child(node, part)
        line = found or line
    return line


def _child(node: yaml.Node, part: Any) -> tuple[yaml.Node | None, int | None]:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == str(part):
                return value, key.start_mark.line + 1
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
        child = node.value[part]
        return child, child.start_mark.line + 1
    return None, None


def faults_of(err: ValidationError, file: Path | str, node: yaml.Node | None, model: type[BaseModel]) -> list[Fault]:
    """Translate pydantic's errors, one fault each."""
    faults = []
    for each in err.errors(include_url=False, include_input=False):
        path = [part for part in each["loc"] if not _is_union_tag(part)]
        where = ".".join(str(part) for part in path)
        if each["type"] == "extra_forbidden":
            key = str(path[-1])
            what, hint = f"{where!r} is not a setting.", did_you_mean(key, _fields_at(model, path[:-1]))
        elif each["type"] == "missing":
            what, hint = f"{where!r} is missing.", None
        else:
            what, hint = f"{where or 'the file'}: {each['msg'].removeprefix('Value error, ')}.", None
        faults.append(Fault(str(file), line_of(node, path), what, hint))
    return faults


def _is_union_tag(part: Any) -> bool:
    return isinstance(part, str) and (part.endswith("]") or part.startswith("function-"))


def _fields_at(model: type[BaseModel], path: Sequence[Any]) -> list[str]:
    current: Any = model
    for part in path:
        if isinstance(part, str) and _is_model(current):
            field = current.model_fields.get(part)
            current = field.annotation if field is not None else None
        current = _inner_model(current)
    return list(current.model_fields) if _is_model(current) else []


def _inner_model(annotation: Any) -> Any:
    if _is_model(annotation):
        return annotation
    return next((found for arg in get_args(annotation) if (found := _inner_model(arg)) is not None), None)


def _is_model(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)
