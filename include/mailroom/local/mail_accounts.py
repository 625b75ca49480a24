"""The local mail server's accounts: one for every address, made when it is first used."""

from __future__ import annotations

from typing import Any

from pymap.backend.dict.filter import FilterSet
from pymap.backend.dict.mailbox import MailboxData, MailboxSet
from pymap.concurrent import Event
from pymap.selected import SelectedMailbox


class Inbox(MailboxData):
    """An inbox whose IDLE misses nothing.

    pymap's wakes a client only for mail that comes while the client's task is waiting; of two mails
    that come together it may announce one.
    """

    async def update_selected(self, selected: SelectedMailbox, *, wait_on: Event | None = None) -> SelectedMailbox:
        """Return at once when the client has not been told everything, else wait as before."""
        told_all = selected.mod_sequence == self._mod_sequences.highest
        return await super().update_selected(selected, wait_on=wait_on if told_all else None)


class Account(MailboxSet):
    """One address's folders."""

    def __init__(self) -> None:
        super().__init__()
        self._inbox = Inbox(self._content_cache, self._thread_cache)


class Accounts(dict[str, tuple[MailboxSet, FilterSet]]):
    """Every account by its address; stands in for pymap's own table, which looks up with `get`."""

    def get(self, name: str, _default: Any = None) -> Any:
        """Return an account's folders and filters, making the account when it is new."""
        if name not in self:
            self[name] = (Account(), FilterSet())
        return self[name]

    def inbox(self, address: str) -> MailboxData:
        """Return the inbox that mail to an address goes to."""
        account: Account = self.get(account_of(address))[0]
        return account._inbox


def account_of(address: str) -> str:
    """Return the account of an address: lower case and without a tag (`AP+x@a.test` is `ap@a.test`)."""
    local, _, domain = address.lower().rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"
