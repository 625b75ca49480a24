"""The scanner's client against a real clamd that knows one signature."""

from __future__ import annotations

import io
import zipfile
from base64 import encodebytes
from collections.abc import Iterator

import pytest

from mailroom.adapters.clamd import ClamdScanner
from mailroom.domain.errors import ConfigurationError, UnavailableError
from mailroom.domain.virus import ScanAnswer
from tests.servers.clamd import EICAR, LARGEST, LARGEST_LOOKED_THROUGH, NAME, Clamd
from tests.servers.tcp_proxy import TcpProxy, running_tcp_proxy

INFECTED = ScanAnswer(found=NAME)
CLEAN = ScanAnswer()


def in_a_zip() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("invoice/INV-1.com", EICAR)
    return packed.getvalue()


def in_a_mail() -> bytes:
    head = b"From: a@b.example\nSubject: x\nMIME-Version: 1.0\nContent-Type: application/zip\n"
    return head + b"Content-Transfer-Encoding: base64\n\n" + encodebytes(in_a_zip())


@pytest.fixture
def proxy(clamd: Clamd) -> Iterator[TcpProxy]:
    yield from running_tcp_proxy(clamd.port)


@pytest.mark.parametrize("address", ["tcp", "unix"])
def test_a_virus_is_named_and_the_rest_is_clean(clamd: Clamd, address: str):
    scanner = ClamdScanner(getattr(clamd, address))

    assert scanner.scan(EICAR) == INFECTED
    assert scanner.scan(b"%PDF-1.7 a harmless paper") == CLEAN
    assert scanner.scan(b"") == CLEAN


@pytest.mark.parametrize("content", [in_a_zip(), in_a_mail()], ids=["zip", "base64"])
def test_a_virus_is_found_inside_archives_and_encoded_mail(clamd: Clamd, content: bytes):
    assert EICAR not in content
    assert ClamdScanner(clamd.tcp).scan(content) == INFECTED


@pytest.mark.parametrize("address", ["tcp", "unix"])
@pytest.mark.parametrize("size", [LARGEST + 1, 20 * LARGEST])
def test_what_is_over_the_scanner_limit_is_not_called_clean(clamd: Clamd, address: str, size: int):
    answer = ClamdScanner(getattr(clamd, address)).scan(bytes(size - len(EICAR)) + EICAR)

    assert not answer.clean
    assert answer.found is None
    assert answer.untold


def test_what_clamd_takes_but_does_not_look_through_is_neither_clean_nor_a_virus(clamd: Clamd):
    answer = ClamdScanner(clamd.tcp).scan(bytes(LARGEST_LOOKED_THROUGH + 1))

    assert not answer.clean
    assert answer.found is None


def test_a_broken_connection_is_asked_again(clamd: Clamd, proxy: TcpProxy):
    proxy.swallow_answers = 1

    assert ClamdScanner(f"tcp://127.0.0.1:{proxy.port}").scan(EICAR) == INFECTED


@pytest.mark.parametrize("fault", ["INSTREAM: Can't write to temporary file. ERROR", "UNKNOWN COMMAND", ""])
def test_a_file_that_fails_twice_while_others_pass_is_untold(clamd: Clamd, proxy: TcpProxy, fault: str):
    refused = fault.encode() + b"\0"
    proxy.canned = [refused, b"stream: OK\0", refused]

    answer = ClamdScanner(f"tcp://127.0.0.1:{proxy.port}").scan(b"content")

    assert not answer.clean
    assert answer.found is None


@pytest.mark.parametrize("fault", ["refusing", "stalled"])
def test_a_scanner_that_answers_nobody_is_unavailable(clamd: Clamd, proxy: TcpProxy, fault: str):
    setattr(proxy, fault, True)
    scanner = ClamdScanner(f"tcp://127.0.0.1:{proxy.port}", answer_seconds=0.3)

    with pytest.raises(UnavailableError) as raised:
        scanner.scan(b"content")

    assert raised.value.code == "scanner_unreachable"
    assert scanner.address in raised.value.message


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:1", "unix:///nowhere/clamd.ctl", "tcp://scanner.invalid:3310"])
def test_a_scanner_that_is_not_there_is_unavailable(address: str):
    with pytest.raises(UnavailableError) as raised:
        ClamdScanner(address).scan(b"content")

    assert raised.value.code == "scanner_unreachable"


@pytest.mark.parametrize(
    "address",
    ["", "localhost", "localhost:3310", "tcp://localhost", "tcp://h:99999", "tcp://h:x", "unix://", "unix:///"],
)
def test_an_address_of_another_kind_is_a_configuration_error(address: str):
    with pytest.raises(ConfigurationError, match="MAILROOM_CLAMD_ADDRESS"):
        ClamdScanner(address)
