"""Who really sent a reply: the mailbox's proof setting, and what it proves (reliability T1-T5).

`authserv NAME`: the topmost Authentication-Results header is NAME's and says DMARC passed for the From domain.
`microsoft365`: the same for its results, which name no server; internal mail only where the mailbox lives there.
`dkim`: we verify a signature of the From domain ourselves. `link_only`: no mail proves anything.
ARC is never looked at: any sealer can write what it likes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from email.errors import MessageError
from email.headerregistry import HeaderRegistry
from email.utils import getaddresses
from typing import Any

import mailparser  # type: ignore[import-untyped]

from mailroom.approvals.authentication_results import AuthenticationResults, parse_authentication_results
from mailroom.approvals.signature import TextLookup, claimed_coverage, verified_coverage
from mailroom.domain.errors import ConfigurationError
from mailroom.domain.rfc822 import Mail, Sender

_RULE = re.compile(r"(link_only|microsoft365|dkim)|authserv ([A-Za-z0-9][A-Za-z0-9.-]*)")
_MICROSOFT = re.compile(r"\bby [a-z0-9.-]+\.(?:outlook|office365)\.com\b", re.IGNORECASE)
_RESULTS = "authentication-results"


@dataclass(frozen=True, slots=True)
class ProofSetting:
    """What a mailbox accepts: `kind` is authserv, microsoft365, dkim or link_only."""

    kind: str = "link_only"
    server: str | None = None
    hosted_by_microsoft: bool = False


@dataclass(frozen=True, slots=True)
class Proof:
    """Whether the sender is proved, why not, and which fields nobody but the sender can have written.

    `fields` is None when every field can be relied on, as far as that goes.
    """

    holds: bool
    reason: str
    fields: frozenset[str] | None = None


def proof_setting(rule: str, *, mailbox_host: str = "") -> ProofSetting:
    """Read a mailbox's `proof`. Raises `ConfigurationError` when it is none of the four."""
    found = _RULE.fullmatch(" ".join(rule.split()))
    if found is None:
        known = "link_only, dkim, microsoft365 or authserv NAME"
        raise ConfigurationError(f"proof {rule!r} is not known; write {known}")
    hosted = mailbox_host.lower().rstrip(".").endswith((".office365.com", ".outlook.com"))
    return ProofSetting("authserv" if found[2] else found[1], found[2] and found[2].lower(), hosted)


def proven_sender(mail: Mail) -> Sender:
    """Return the From mailbox that three parsers agree on, or why there is none (T4)."""
    if mail.sender.address is None:
        return mail.sender
    value = next(header.raw for header in mail.headers if header.name.lower() == "from").decode("ascii", "replace")
    value = " ".join(value.split())
    try:
        found = {address.lower() for _, address in getaddresses([value])}
        registry: Any = HeaderRegistry()("From", value)
        found |= {address.addr_spec.lower() for address in registry.addresses}
        other = mailparser.parse_from_string(f"From: {value}\n\n")
        found |= {address.lower() for _, address in other.from_}
    except (MessageError, ValueError, IndexError, AttributeError, RecursionError, TypeError):
        return Sender(None, "From header cannot be read")
    if found != {mail.sender.address} or registry.defects or other.address_header_defects:
        return Sender(None, "From header is read in different ways")
    return mail.sender


def prove(mail: Mail, setting: ProofSetting, look_up: TextLookup | None = None) -> Proof:
    """Return what the setting proves about this mail. Raises `UnavailableError` when the DNS does not answer."""
    sender = proven_sender(mail)
    domain = sender.domain
    if domain is None:
        return Proof(False, sender.reason or "no sender")
    if setting.kind == "link_only":
        return Proof(False, "this mailbox takes decisions by link only")
    if setting.kind == "dkim":
        return _by_signature(mail, domain, look_up)
    if setting.kind == "microsoft365":
        return _by_microsoft(mail, domain, setting)
    return _by_server(mail, domain, setting.server or "")


def _by_signature(mail: Mail, domain: str, look_up: TextLookup | None) -> Proof:
    if look_up is None:
        return Proof(False, "no DNS to look up the signer's key")
    coverage = verified_coverage(mail, domain, look_up)
    if coverage.fault:
        return Proof(False, coverage.fault)
    return Proof(True, f"DKIM signature of {domain}", coverage.fields)


def _by_server(mail: Mail, domain: str, server: str) -> Proof:
    headers = [parse_authentication_results(value) for value in mail.values(_RESULTS)]
    if not headers:
        return Proof(False, f"no Authentication-Results of {server}")
    top = headers[0]
    if top is None or top.server != server:
        return Proof(False, f"the topmost Authentication-Results are not those of {server}")
    ours = [header for header in headers if header is not None and header.server == server and header.of("dmarc")]
    if len(ours) > 1:
        return Proof(False, f"{server} is named in more than one DMARC result")
    return _by_dmarc(mail, domain, top)


def _by_microsoft(mail: Mail, domain: str, setting: ProofSetting) -> Proof:
    names = [header.name.lower() for header in mail.headers]
    position = names.index(_RESULTS) if _RESULTS in names else len(names)
    received = [header.text for header in mail.headers[:position] if header.name.lower() == "received"]
    if not any(_MICROSOFT.search(line) for line in received):
        return Proof(False, "no server of Microsoft 365 stands above the results")
    if position == len(names) or _without_result(mail):
        return _internal(mail, setting)
    top = parse_authentication_results(mail.values(_RESULTS)[0])
    if top is None or top.server is not None:
        return Proof(False, "the topmost Authentication-Results are not those of Microsoft 365")
    return _by_dmarc(mail, domain, top)


def _without_result(mail: Mail) -> bool:
    """Tell whether Microsoft 365 wrote that it checked nothing, as it does for mail inside one organization."""
    top = parse_authentication_results(mail.values(_RESULTS)[0])
    return top is not None and top.server is None and [result.result for result in top.of("dmarc")] == ["none"]


def _internal(mail: Mail, setting: ProofSetting) -> Proof:
    """Accept mail inside the organization: the service removes this header from all mail that comes from outside."""
    if not setting.hosted_by_microsoft:
        return Proof(False, "internal mail proves nothing where the mailbox is not hosted by Microsoft 365")
    values = [value.strip().lower() for value in mail.values("X-MS-Exchange-Organization-AuthAs")]
    return Proof(
        values == ["internal"], "Microsoft 365: internal mail" if values == ["internal"] else "no DMARC result"
    )


def _by_dmarc(mail: Mail, domain: str, top: AuthenticationResults) -> Proof:
    results = top.of("dmarc")
    if len(results) != 1 or results[0].result != "pass":
        return Proof(False, "DMARC did not pass" if results else "no DMARC result")
    if results[0].properties.get("header.from") != domain:
        return Proof(False, "DMARC passed for another domain than that of From")
    return _against_replay(mail, domain, top)


def _against_replay(mail: Mail, domain: str, top: AuthenticationResults) -> Proof:
    """Where only a signature carried DMARC, rely on what it covers: the rest of a signed mail can be replaced (T5)."""
    passed = "DMARC passed"
    if any(
        _sent_by(result.properties.get("smtp.mailfrom", ""), domain)
        for result in top.of("spf")
        if result.result == "pass"
    ):
        return Proof(True, passed)
    coverage = claimed_coverage(mail, domain)
    if not coverage:
        return Proof(True, passed)
    # Nothing tells here which of them held, so each must be sound: one that is made up cannot stand in for a weak one.
    weak = next((one.fault for one in coverage if one.fault), None)
    if weak:
        return Proof(False, weak)
    return Proof(True, passed, frozenset.intersection(*(one.fields for one in coverage)))


def _sent_by(mail_from: str, domain: str) -> bool:
    return mail_from.rpartition("@")[2] == domain
