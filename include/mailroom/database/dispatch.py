"""Claims: who works on what is due, fairly across organizations. Run as `mailroom_dispatch`.

Leases use the database's clock. A claim raises the row's fence, and every later write is bound to it.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Connection, text

from mailroom.domain.slices import Claim, DueItem, IdRange

_DUE = "due_at <= now() AND (leased_until IS NULL OR leased_until < now()) AND deleted_at IS NULL"

# One organization with much due work must not keep the others waiting: each gives its share first.
_ORGANIZATIONS_DUE = text(
    f"""SELECT o.id FROM organizations o WHERE o.status = 'active' AND EXISTS (
        SELECT 1 FROM transactions t WHERE t.organization_id = o.id AND t.process = ANY(:processes) AND {_DUE})"""
)
_LIST = text(
    f"""SELECT t.organization_id, t.id, t.reference FROM unnest(CAST(:organizations AS uuid[])) AS o (id)
    CROSS JOIN LATERAL (SELECT organization_id, id, reference FROM transactions
        WHERE organization_id = o.id AND process = ANY(:processes) AND {_DUE}
        ORDER BY due_at, id LIMIT :each) AS t LIMIT :most"""
)
_CLAIM = text(
    f"""WITH due AS (
        SELECT t.id FROM unnest(CAST(:organizations AS uuid[])) AS o (id)
        CROSS JOIN LATERAL (SELECT id FROM transactions
            WHERE organization_id = o.id AND process = ANY(:processes) AND {_DUE}
            ORDER BY due_at, id LIMIT :each FOR UPDATE SKIP LOCKED) AS t LIMIT :most)
    UPDATE transactions t SET leased_until = now() + make_interval(secs => :lease), lease_owner = :owner,
        fence = t.fence + 1 FROM due WHERE t.id = due.id
    RETURNING t.organization_id, t.id, t.step, t.fence"""
)
_CLAIM_RANGES = text(
    f"""WITH due AS (
        SELECT t.id FROM unnest(CAST(:organizations AS uuid[]), CAST(:firsts AS uuid[]), CAST(:lasts AS uuid[]))
            AS r (organization_id, first, last)
        CROSS JOIN LATERAL (SELECT id FROM transactions WHERE organization_id = r.organization_id
            AND id BETWEEN r.first AND r.last AND step = ANY(:steps) AND process = ANY(:processes) AND {_DUE}
            ORDER BY id LIMIT :most FOR UPDATE SKIP LOCKED) AS t)
    UPDATE transactions t SET leased_until = now() + make_interval(secs => :lease), lease_owner = :owner,
        fence = t.fence + 1 FROM due WHERE t.id = due.id
    RETURNING t.organization_id, t.id, t.step, t.fence"""
)


def list_due(connection: Connection, processes: Sequence[str], most: int) -> list[DueItem]:
    """Return at most `most` due transactions without claiming them, each organization its share."""
    organizations = _organizations_due(connection, processes)
    found: dict[UUID, DueItem] = {}
    each = 0
    while organizations and len(found) < most:
        each = max(each * 4, -(-most // len(organizations)))
        rows = connection.execute(
            _LIST, {"organizations": organizations, "processes": list(processes), "each": each, "most": most}
        ).all()
        known = len(found)
        for row in rows:
            found.setdefault(row.id, DueItem(row.organization_id, row.id, row.reference))
        if len(found) == known:
            break
    # The first round's fair shares stand first and are never cut.
    return list(found.values())[:most]


def due_steps(connection: Connection, process: str) -> set[str]:
    """Return the steps at which a process has something due."""
    query = text(f"SELECT DISTINCT step FROM transactions WHERE process = :process AND {_DUE}")
    return set(connection.execute(query, {"process": process}).scalars())


def claim_due(
    connection: Connection, processes: Sequence[str], most: int, *, owner: str, lease_seconds: float
) -> list[Claim]:
    """Lease at most `most` due transactions, each organization its share."""
    organizations = _organizations_due(connection, processes)
    if not organizations:
        return []
    claims: list[Claim] = []
    each = -(-most // len(organizations))
    while len(claims) < most:
        rows = connection.execute(
            _CLAIM,
            {
                "organizations": organizations,
                "processes": list(processes),
                "each": each,
                "most": most - len(claims),
                "owner": owner,
                "lease": lease_seconds,
            },
        ).all()
        if not rows:
            break
        claims += [Claim(row.organization_id, row.id, row.step, row.fence) for row in rows]
    return claims


def claim_ranges(
    connection: Connection,
    ranges: Sequence[IdRange],
    steps: Sequence[str],
    processes: Sequence[str],
    *,
    most: int,
    owner: str,
    lease_seconds: float,
) -> list[Claim]:
    """Lease what is due at one of `steps` within the ranges, at most `most` a range."""
    rows = connection.execute(
        _CLAIM_RANGES,
        {
            "organizations": [each.organization_id for each in ranges],
            "firsts": [each.first for each in ranges],
            "lasts": [each.last for each in ranges],
            "steps": list(steps),
            "processes": list(processes),
            "most": most,
            "owner": owner,
            "lease": lease_seconds,
        },
    )
    return [Claim(row.organization_id, row.id, row.step, row.fence) for row in rows]


def renew(connection: Connection, claims: Sequence[Claim], lease_seconds: float) -> None:
    """Lengthen leases that are still ours."""
    connection.execute(
        text(
            """UPDATE transactions t SET leased_until = now() + make_interval(secs => :lease)
            FROM unnest(CAST(:ids AS uuid[]), CAST(:fences AS bigint[])) AS c (id, fence)
            WHERE t.id = c.id AND t.fence = c.fence AND t.leased_until IS NOT NULL"""
        ),
        {
            "ids": [claim.id for claim in claims],
            "fences": [claim.fence for claim in claims],
            "lease": lease_seconds,
        },
    )


def release(connection: Connection, claims: Sequence[Claim]) -> None:
    """Give leases back; those somebody else has taken since are left alone."""
    connection.execute(
        text(
            """UPDATE transactions t SET leased_until = NULL, lease_owner = NULL
            FROM unnest(CAST(:ids AS uuid[]), CAST(:fences AS bigint[])) AS c (id, fence)
            WHERE t.id = c.id AND t.fence = c.fence"""
        ),
        {"ids": [claim.id for claim in claims], "fences": [claim.fence for claim in claims]},
    )


def next_due_in(connection: Connection, processes: Sequence[str]) -> float | None:
    """Return seconds until something falls due (0 when something is due), or None when nothing waits."""
    seconds = connection.execute(
        text(
            """SELECT extract(epoch FROM min(greatest(t.due_at, coalesce(t.leased_until, t.due_at))) - now())
            FROM transactions t JOIN organizations o ON o.id = t.organization_id AND o.status = 'active'
            WHERE t.due_at IS NOT NULL AND t.process = ANY(:processes) AND t.deleted_at IS NULL"""
        ),
        {"processes": list(processes)},
    ).scalar()
    return None if seconds is None else max(0.0, float(seconds))


def organization_ids(connection: Connection) -> dict[str, UUID]:
    """Return every active organization's id by slug."""
    rows = connection.execute(text("SELECT slug, id FROM organizations WHERE status = 'active' ORDER BY slug"))
    return {row.slug: row.id for row in rows}


def organization_of_token(connection: Connection, token_hash: str) -> tuple[UUID, UUID] | None:
    """Return (organization, approval) of a token's hash, or None."""
    row = connection.execute(
        text("SELECT organization_id, id FROM approvals WHERE token_hash = :h"), {"h": token_hash}
    ).one_or_none()
    return None if row is None else (row.organization_id, row.id)


def _organizations_due(connection: Connection, processes: Sequence[str]) -> list[UUID]:
    return list(connection.execute(_ORGANIZATIONS_DUE, {"processes": list(processes)}).scalars())
