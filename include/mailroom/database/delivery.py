"""What only delivery writes to the outbox: mails not wanted any more, and mails given back unsent."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, text

from mailroom.domain.slices import Claim


def outbox_suppressed(connection: Connection, claim: Claim) -> bool:
    """Close a mail that has lost its reason; False when somebody else has claimed it since."""
    done = connection.execute(
        text(
            """UPDATE outbox SET state = 'suppressed', due_at = NULL, leased_until = NULL, lease_owner = NULL
            WHERE id = :id AND fence = :fence AND state = 'waiting'"""
        ),
        {"id": claim.id, "fence": claim.fence},
    )
    return done.rowcount == 1


def give_back(connection: Connection, claims: Sequence[Claim]) -> None:
    """Release mails nobody tried to send; they stay due. Run as `mailroom_dispatch`."""
    connection.execute(
        text(
            """UPDATE outbox o SET leased_until = NULL, lease_owner = NULL
            FROM unnest(CAST(:ids AS uuid[]), CAST(:fences AS bigint[])) AS c (id, fence)
            WHERE o.id = c.id AND o.fence = c.fence"""
        ),
        {"ids": [claim.id for claim in claims], "fences": [claim.fence for claim in claims]},
    )


def outbox_postponed(connection: Connection, claim: Claim, code: str, message: str, seconds: float) -> None:
    """Leave one mail alone for a while without counting an attempt: the fault was not this mail's.

    It stays due, so that its age shows how long sending has been impossible.
    """
    connection.execute(
        text(
            """UPDATE outbox SET leased_until = now() + make_interval(secs => :seconds), lease_owner = NULL,
                last_error_code = :code, last_error_message = :message
            WHERE id = :id AND fence = :fence AND state = 'waiting'"""
        ),
        {"id": claim.id, "fence": claim.fence, "code": code, "message": message, "seconds": seconds},
    )
