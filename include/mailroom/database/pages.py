"""Lists, newest first, a page at a time: each begins where the last one ended, whatever came in between."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, text

Mark = tuple[Any, ...]
"""The ordering columns of a page's last row."""


def page(
    connection: Connection,
    select: str,
    conditions: Mapping[str, str],
    given: Mapping[str, Any],
    *,
    order: Mapping[str, str],
    after: Mark | None,
    limit: int,
) -> list[dict[str, Any]]:
    """Return at most `limit` rows of `select` (code, never input), newest first.

    `conditions` by name apply where `given` has a value. `order` names the ordering columns with their types;
    `after` holds the last row's values of them.
    """
    where = [conditions[name] for name, value in given.items() if value is not None]
    parameters = {name: value for name, value in given.items() if value is not None}
    if after is not None:
        places = [f"CAST(:after{number} AS {kind})" for number, kind in enumerate(order.values())]
        where.append(f"({', '.join(order)}) < ({', '.join(places)})")
        parameters |= {f"after{number}": value for number, value in enumerate(after)}
    ordered = ", ".join(f"{column} DESC" for column in order)
    statement = f"{select} WHERE {' AND '.join(['true', *where])} ORDER BY {ordered} LIMIT :limit"
    rows = connection.execute(text(statement), {**parameters, "limit": limit})
    return [dict(row._mapping) for row in rows]


def contains(words: str | None) -> str | None:
    """Return a pattern for ILIKE that finds these words anywhere; `%`, `_` and `\\` stand for themselves."""
    if not words:
        return None
    for special in ("\\", "%", "_"):
        words = words.replace(special, f"\\{special}")
    return f"%{words}%"
