"""Have a mail scanned before anything else opens it (reliability T23)."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from mailroom.domain.mail import Disposition
from mailroom.domain.rfc822 import Mail, Part
from mailroom.domain.virus import ScanAnswer
from mailroom.intake.parts import ScreenedPart
from mailroom.intake.screening import Screening
from mailroom.ports import VirusScanner

RULE = "virus_scan"
SCAN_SECONDS = 120.0
"""What scanning one mail's attachments may take; those it does not reach count as not scanned (I5)."""

_NOT_REACHED = ScanAnswer(untold="what was scanned before it took all the time that one mail has")


@dataclass(slots=True)
class MailScan:
    """The scan of one mail: first the raw bytes, then each attachment by itself, however it was encoded.

    Without a scanner everything is clean. `alive` is called between scans, to hold on to the message. Every scan
    raises `UnavailableError` when the scanner answers nobody; then nothing becomes of the mail yet.
    """

    scanner: VirusScanner | None
    alive: Callable[[], None] = lambda: None
    whole: ScanAnswer = field(default_factory=ScanAnswer)
    seconds: float = SCAN_SECONDS

    def raw(self, content: bytes) -> None:
        """Scan a mail as it came."""
        self.whole = self._ask(content)

    def parts(self, mail: Mail) -> Screening | None:
        """Return why a mail is put aside: a virus, or a scan that tells nothing. None when it may be opened."""
        if self.scanner is None:
            return None
        answers = [(part, ScanAnswer() if part.is_body else self._ask(part.body)) for part in mail.parts]
        every = [self.whole, *(answer for _, answer in answers)]
        virus = next((answer.found for answer in every if answer.found), None)
        untold = next((answer.untold for answer in every if answer.untold), None)
        if virus is None and untold is None:
            return None
        return Screening(
            Disposition.QUARANTINED,
            "virus" if virus else "not_scanned",
            RULE,
            tuple(_unopened(part, answer) for part, answer in answers),
            f"the virus scanner calls it {virus}" if virus else f"the virus scanner can't tell: {untold}",
            sealed=True,
        )

    def _ask(self, content: bytes) -> ScanAnswer:
        if self.scanner is None or not content:
            return ScanAnswer()
        if self.seconds <= 0:
            return _NOT_REACHED
        self.alive()
        started = time.monotonic()
        try:
            return self.scanner.scan(content)
        finally:
            self.seconds -= time.monotonic() - started


def _unopened(part: Part, answer: ScanAnswer) -> ScreenedPart:
    if answer.found:
        return ScreenedPart(part, "virus", "none", f"the virus scanner calls it {answer.found}")
    return ScreenedPart(part, "unopened", "none", answer.untold or "not opened")
