"""When the system is away, busy, stubborn, or acts and does not answer."""

from __future__ import annotations

import pytest

from erp_connectors.interface import (
    Connector,
    NotReachableError,
    OutcomeUnknownError,
    UploadRefusedError,
)
from erp_connectors.testing.bills import a_bill
from erp_connectors.testing.claims import ACCEPTS_KEY, FINDS_BY_KEY, needs
from erp_connectors.testing.system import Fault, SystemUnderTest


class FaultTests:
    """Each fault has one error, and the error is true."""

    def test_nobody_answers(self, connector: Connector, system: SystemUnderTest) -> None:
        """Nothing was sent, so it may be sent later: by the same connector, when the system is back."""
        with system.inject(Fault.UNREACHABLE), pytest.raises(NotReachableError) as error:
            connector.upload(a_bill())
        assert not system.stored()
        assert _is_a_sentence(str(error.value))

        assert not connector.upload(a_bill()).already_there

    @needs(FINDS_BY_KEY)
    def test_not_reachable_is_not_the_same_as_not_found(self, connector: Connector, system: SystemUnderTest) -> None:
        """A `None` from a system that was never asked would post the bill twice."""
        connector.upload(a_bill())
        with system.inject(Fault.UNREACHABLE), pytest.raises(NotReachableError):
            connector.find(a_bill().key)

    def test_a_check_of_an_absent_system_fails(self, connector: Connector, system: SystemUnderTest) -> None:
        """`check` is what a person runs to see whether it would work."""
        with system.inject(Fault.UNREACHABLE), pytest.raises(NotReachableError):
            connector.check()

    def test_a_lost_answer_is_an_unknown_outcome(self, connector: Connector, system: SystemUnderTest) -> None:
        """The bill is there; the connector can't know and must neither say so nor deny it."""
        with system.inject(Fault.ANSWER_LOST), pytest.raises(OutcomeUnknownError) as error:
            connector.upload(a_bill())

        assert len(system.stored()) == 1
        assert _is_a_sentence(str(error.value))

    @needs(FINDS_BY_KEY)
    def test_looking_clears_up_a_lost_answer(self, connector: Connector, system: SystemUnderTest) -> None:
        """The same connector finds the bill it could not vouch for, whole."""
        with system.inject(Fault.ANSWER_LOST), pytest.raises(OutcomeUnknownError):
            connector.upload(a_bill())
        found = connector.find(a_bill().key)

        assert found is not None
        assert found.evidence["gross"] == "119.00"
        assert found.evidence["attachments"] == "1"
        assert len(system.stored()[0].files) == 1

    @needs(ACCEPTS_KEY)
    def test_sending_again_after_a_lost_answer_adds_nothing(
        self, connector: Connector, system: SystemUnderTest
    ) -> None:
        """The key holds even when nobody looked first."""
        with system.inject(Fault.ANSWER_LOST), pytest.raises(OutcomeUnknownError):
            connector.upload(a_bill())

        assert connector.upload(a_bill()).already_there
        assert len(system.stored()) == 1

    @needs(Fault.REQUEST_LOST)
    def test_a_lost_request_is_an_unknown_outcome_too(self, connector: Connector, system: SystemUnderTest) -> None:
        """From outside it looks like a lost answer, so it is treated as one."""
        with system.inject(Fault.REQUEST_LOST), pytest.raises(OutcomeUnknownError):
            connector.upload(a_bill())

        assert not system.stored()

    @needs(Fault.REQUEST_LOST, FINDS_BY_KEY)
    def test_looking_clears_up_a_lost_request(self, connector: Connector, system: SystemUnderTest) -> None:
        """Nothing there: it may be sent again, and then is there once."""
        with system.inject(Fault.REQUEST_LOST), pytest.raises(OutcomeUnknownError):
            connector.upload(a_bill())

        assert connector.find(a_bill().key) is None
        assert not connector.upload(a_bill()).already_there
        assert len(system.stored()) == 1

    def test_a_refusal_is_a_sentence_for_a_person(self, connector: Connector, system: SystemUnderTest) -> None:
        """The system's own reason is passed on, nothing is kept, and the next bill is served."""
        with system.inject(Fault.REFUSES), pytest.raises(UploadRefusedError) as refusal:
            connector.upload(a_bill())
        assert not system.stored()
        assert _is_a_sentence(str(refusal.value))

        connector.upload(a_bill("INV-8"))
        assert [bill.invoice_number for bill in system.stored()] == ["INV-8"]

    @needs(Fault.ASKS_TO_WAIT)
    def test_a_busy_system_is_left_alone_for_as_long_as_it_asks(
        self, connector: Connector, system: SystemUnderTest
    ) -> None:
        """The connector passes the wish on and does not retry by itself."""
        with system.inject(Fault.ASKS_TO_WAIT), pytest.raises(NotReachableError) as error:
            connector.upload(a_bill())

        assert error.value.retry_after == 2
        assert not system.stored()


def _is_a_sentence(message: str) -> bool:
    """Tell whether a person could read it: some words, one paragraph, no traceback."""
    return len(message.split()) >= 3 and "\n" not in message and "Traceback" not in message
