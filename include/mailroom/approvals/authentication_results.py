"""Read Authentication-Results as RFC 8601 writes them; comments and quoted strings never count as results."""

from __future__ import annotations

import re
from dataclasses import dataclass

_LONGEST = 10_000
_TOKEN = re.compile(r'"((?:[^"\\]|\\.)*)"|([^\s;="]+)|([;=])')
_METHOD = re.compile(r"[a-z][a-z0-9-]*(?:/\d+)?")


@dataclass(frozen=True, slots=True)
class MethodResult:
    """One method's result, such as dmarc and pass, and its properties by name ("header.from"); lower case."""

    method: str
    result: str
    properties: dict[str, str]


@dataclass(frozen=True, slots=True)
class AuthenticationResults:
    """One header: the server that wrote it (None where, as in Microsoft 365, it does not say), and its results."""

    server: str | None
    results: tuple[MethodResult, ...]

    def of(self, method: str) -> tuple[MethodResult, ...]:
        """Return the results of one method."""
        return tuple(result for result in self.results if result.method == method)


def parse_authentication_results(value: str) -> AuthenticationResults | None:
    """Return a header's content, or None when it is not well formed."""
    plain = _without_comments(value[:_LONGEST]) if len(value) <= _LONGEST else None
    if plain is None:
        return None
    sections = _sections(plain)
    if sections is None or not sections[0]:
        return None
    server = None
    if "=" not in sections[0]:
        server, version = sections[0][0].lower(), sections[0][1:]
        if version not in ([], ["1"]):
            return None
        sections = sections[1:]
    results = [_result(section) for section in sections if section and section != ["none"]]
    found = tuple(result for result in results if result is not None)
    return AuthenticationResults(server, found) if len(found) == len(results) else None


def _without_comments(value: str) -> str | None:
    """Return the value with each comment, nested ones too, as a blank; None when one stays open."""
    out: list[str] = []
    depth, quoted, skip = 0, False, False
    for char in value:
        if skip:
            skip = False
            out.append("" if depth else char)
        elif char == "\\" and (quoted or depth):
            skip = True
            out.append("" if depth else char)
        elif quoted:
            quoted = char != '"'
            out.append(char)
        elif char == "(":
            depth += 1
        elif char == ")":
            if not depth:
                return None
            depth -= 1
            out.append(" ")
        elif not depth:
            quoted = char == '"'
            out.append(char)
    return None if depth or quoted else "".join(out)


def _sections(plain: str) -> list[list[str]] | None:
    """Cut into tokens, one list for each part between semicolons; a quoted string is one token."""
    sections: list[list[str]] = [[]]
    position = 0
    while position < len(plain):
        if plain[position].isspace():
            position += 1
            continue
        token = _TOKEN.match(plain, position)
        if token is None:
            return None
        position = token.end()
        if token[3] == ";":
            sections.append([])
        else:
            sections[-1].append(token[3] or token[2] or f'"{token[1]}"')
    return sections


def _result(tokens: list[str]) -> MethodResult | None:
    """Read `method=result property=value ...`."""
    if len(tokens) < 3 or tokens[1] != "=" or len(tokens) % 3:
        return None
    pairs = [tokens[at : at + 3] for at in range(0, len(tokens), 3)]
    if any(pair[1] != "=" for pair in pairs) or not _METHOD.fullmatch(pairs[0][0].lower()):
        return None
    properties = {name.lower(): value.strip('"').lower() for name, _, value in pairs[1:]}
    return MethodResult(pairs[0][0].lower().partition("/")[0], pairs[0][2].lower(), properties)
