"""Save what a person would look at: mails, pages, reports, the ledger, the event log."""

from __future__ import annotations

import re
import shutil
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import httpx

if TYPE_CHECKING:
    from mailroom.demo.post_office import Received
    from mailroom.demo.story import StoryMail

_FOLDERS = ("mails", "pages", "report")
_STYLESHEET = re.compile(r'<link rel="stylesheet" href="(/[^"]+)">')
_ICON = re.compile(r'<link rel="icon"[^>]*>\n?')


@dataclass(frozen=True, slots=True)
class Keepsakes:
    """A folder for what the story leaves to look at."""

    root: Path

    def clear(self) -> None:
        """Make the folder, without what an earlier story left in it."""
        self.root.mkdir(parents=True, exist_ok=True)
        for name in _FOLDERS:
            shutil.rmtree(self.root / name, ignore_errors=True)
        for path in self.root.glob("*.txt"):
            path.unlink()

    def text(self, name: str, content: str) -> None:
        """Save a text file."""
        self._write(self.root / name, (content.rstrip("\n") + "\n").encode())

    def file(self, name: str, content: bytes) -> None:
        """Save any file; `name` may hold folders."""
        self._write(self.root / name, content)

    def sent(self, mail: StoryMail) -> None:
        """Save a mail as it was handed in."""
        folder = self.root / "mails" / "to-mailroom"
        position = len(list(folder.glob("*.eml"))) + 1
        self._write(folder / f"{position:02}-{mail.key}.eml", mail.raw)

    def received(self, mails: list[Received]) -> None:
        """Save the mails that Mailroom wrote, as they arrived and as their readers see them."""
        folder = self.root / "mails" / "from-mailroom"
        for position, mail in enumerate(mails, start=1):
            stem = f"{position:02}-{mail.address.partition('@')[0]}-{_slug(mail.subject)}"
            self._write(folder / f"{stem}.eml", mail.raw)
            if mail.html:
                self._write(folder / f"{stem}.html", mail.html.encode())

    def page(self, name: str, html: str, browser: httpx.Client, web_url: str) -> None:
        """Save a page of the web process with its style inside, so that it looks the same from disk."""
        found = _STYLESHEET.search(html)
        if found is not None:
            style = browser.get(f"{web_url}{found[1]}").raise_for_status().text
            html = html.replace(found[0], f"<style>\n{style}</style>")
        self._write(self.root / "pages" / f"{name}.html", _ICON.sub("", html).encode())

    def files(self) -> list[Path]:
        """Return everything saved, in order."""
        return sorted(path for path in self.root.rglob("*") if path.is_file())

    def _write(self, path: Path, content: bytes) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def _slug(subject: str) -> str:
    """Return the first words of a subject as part of a file name."""
    plain = unicodedata.normalize("NFKD", subject.partition("[#")[0]).encode("ascii", "ignore").decode()
    words = re.findall(r"[a-z0-9]+", plain.lower())
    return "-".join(words[:5])
