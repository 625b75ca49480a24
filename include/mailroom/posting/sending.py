"""One bill on its way: where it goes, and what was tried before."""

from __future__ import annotations

from dataclasses import dataclass

from erp_connectors.interface import Connector
from mailroom.database.posting import PostingIntent
from mailroom.posting.bills import BillToPost

NAME = "upload"


@dataclass(frozen=True, slots=True)
class Sending:
    """One bill, where it goes, and the intent that stood before this try.

    `released` are (rule, found) of findings that a person let pass.
    """

    to_post: BillToPost
    connector_name: str
    connector: Connector
    request_hash: str
    before: PostingIntent | None
    released: frozenset[tuple[str, str | None]] = frozenset()

    @property
    def may_be_there(self) -> bool:
        """Tell whether an earlier try sent something and had no answer."""
        return self.before is not None and self.before.state in {"sent", "unknown"}

    @property
    def attempt(self) -> str:
        """Name the last try; a person's word about it is no word about the next."""
        return f"attempt {self.before.attempt if self.before else 0}"
