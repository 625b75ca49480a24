"""Which role may do what."""

from __future__ import annotations

from mailroom.approvals.routing import APPROVING_ROLES
from mailroom.domain.roles import RIGHTS, Right, Role


def test_every_role_has_its_rights():
    assert set(RIGHTS) == set(Role)


def test_everybody_may_look_and_a_viewer_nothing_else():
    assert all(Right.READ in rights for rights in RIGHTS.values())
    assert RIGHTS[Role.VIEWER] == {Right.READ}


def test_whoever_prepares_does_not_decide():
    assert Right.DECIDE not in RIGHTS[Role.CLERK]
    assert Right.OVERRULE not in RIGHTS[Role.CLERK]
    assert Right.CLEAR not in RIGHTS[Role.APPROVER]


def test_the_roles_that_decide_are_those_that_are_asked():
    assert {role.value for role, rights in RIGHTS.items() if Right.DECIDE in rights} == APPROVING_ROLES
