"""Small files travel as one object each, and what nobody knows of is found."""

from datetime import timedelta

import pytest
from django.utils import timezone

from collective.core.storage.base import Leftover, PartSpec
from collective.core.storage.errors import ObjectNotFoundError, PartRejectedError
from tests.contract.storage.conftest import Stores
from tests.contract.storage.wire import new_key, send, spec, upload

pytestmark = [pytest.mark.once, pytest.mark.django_db(transaction=True)]
CONTENT, OTHER = b"the announced bytes", b"of the same lengths"


def test_a_whole_object_arrives_by_one_request(stores: Stores) -> None:
    key = new_key()
    assert send(stores.incoming.sign_whole(key, spec(1, CONTENT)), CONTENT).status_code == 200
    with stores.incoming.open(key) as file:
        assert file.read() == CONTENT


@pytest.mark.parametrize("stores", ["local", "rclone"], indirect=True)  # moto enforces no signature
@pytest.mark.parametrize("content", [OTHER, CONTENT + b"!", CONTENT[:-1], b""])
def test_other_bytes_leave_nothing(stores: Stores, content: bytes) -> None:
    key = new_key()
    response = send(stores.incoming.sign_whole(key, spec(1, CONTENT)), content)
    assert 400 <= response.status_code < 500
    assert stores.incoming.sizes([key]) == {}


def test_sizes_are_of_what_is_there(stores: Stores) -> None:
    here, empty, absent = new_key(), new_key(), new_key()
    stores.incoming.put_whole(here, CONTENT)
    stores.incoming.put_whole(empty, b"")
    assert stores.incoming.sizes([here, absent, empty]) == {here: len(CONTENT), empty: 0}
    assert stores.incoming.sizes([]) == {}


def test_an_empty_object_is_read_as_empty(stores: Stores) -> None:
    key = new_key()
    stores.incoming.put_whole(key, b"")
    with stores.incoming.open(key) as file:
        assert file.read() == b""
    stores.incoming.delete(key)
    with pytest.raises(ObjectNotFoundError):
        stores.incoming.open(key)


def test_an_impossible_object_is_not_signed(stores: Stores) -> None:
    with pytest.raises(PartRejectedError):
        stores.incoming.sign_whole(new_key(), PartSpec(1, 0, "0" * 32))


def test_what_is_left_is_found_once_it_is_old(stores: Stores) -> None:
    whole, parts = new_key(), new_key()
    stores.incoming.put_whole(whole, CONTENT)
    storage_id = upload(stores.incoming, parts, CONTENT)
    soon = timezone.now() + timedelta(hours=1)

    found = list(stores.incoming.older_than(soon))

    assert Leftover("object", key=whole) in found
    assert storage_id in {each.storage_id for each in found}
    for leftover in found:
        stores.incoming.discard(leftover)
        stores.incoming.discard(leftover)
    assert list(stores.incoming.older_than(soon)) == []


@pytest.mark.parametrize("stores", ["local", "rclone"], indirect=True)  # moto says that every upload began in 2010
def test_what_is_young_is_not_touched(stores: Stores) -> None:
    whole, parts = new_key(), new_key()
    stores.incoming.put_whole(whole, CONTENT)
    upload(stores.incoming, parts, CONTENT)
    assert list(stores.incoming.older_than(timezone.now() - timedelta(hours=1))) == []
