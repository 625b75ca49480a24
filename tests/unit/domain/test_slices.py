"""Packing due work into slices."""

from __future__ import annotations

from uuid import UUID

from mailroom.domain.slices import DueItem, IdRange, pack, slice_from_json


def an_id(number: int) -> UUID:
    return UUID(int=number)


def due(count: int, organization: int = 1, start: int = 0) -> list[DueItem]:
    return [DueItem(an_id(organization), an_id(1000 + start + number)) for number in range(count)]


def covers(part, item: DueItem) -> bool:
    return any(
        each.organization_id == item.organization_id and each.first <= item.id <= each.last for each in part.ranges
    )


def test_nothing_due_makes_no_slice():
    assert pack([], one_each_up_to=24, max_slices=20) == []


def test_a_few_get_one_slice_each_named_by_their_label():
    items = [DueItem(an_id(1), an_id(7), "INV-7"), DueItem(an_id(1), an_id(8))]

    slices = pack(items, one_each_up_to=2, max_slices=20)

    assert [part.name for part in slices] == ["INV-7", str(an_id(8))]
    assert slices[0].ranges == (IdRange(an_id(1), an_id(7), an_id(7)),)


def test_many_are_packed_into_at_most_so_many_slices_that_cover_all():
    items = due(10_000)

    slices = pack(items, one_each_up_to=24, max_slices=20)

    assert len(slices) == 20
    assert all(sum(covers(part, item) for part in slices) == 1 for item in items[::97])


def test_sizes_differ_by_one_at_most():
    slices = pack(due(25), one_each_up_to=24, max_slices=10)

    sizes = [int(part.ranges[0].last) - int(part.ranges[0].first) + 1 for part in slices]
    assert sorted(sizes) == [2, 2, 2, 2, 2, 3, 3, 3, 3, 3]


def test_a_slice_goes_through_organizations_in_one_order():
    items = due(30, organization=2) + due(30, organization=1)

    slices = pack(items, one_each_up_to=0, max_slices=4)

    assert [[int(each.organization_id) for each in part.ranges] for part in slices] == [[1], [1], [2], [2]]


def test_a_slice_survives_its_trip_through_json():
    (part,) = pack(due(3), one_each_up_to=0, max_slices=1)

    assert slice_from_json(part.as_json()) == part
