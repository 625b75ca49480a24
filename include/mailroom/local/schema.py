"""Bring the product's own schema up to date: `python -m mailroom.local.schema`."""

from __future__ import annotations

import os


def main() -> None:
    """Migrate the database that `MAILROOM_DATABASE_OWNER_URL` names."""
    from mailroom.database.migrate import upgrade  # only here: the supervisor stays small without it

    upgrade(os.environ["MAILROOM_DATABASE_OWNER_URL"])


if __name__ == "__main__":
    main()
