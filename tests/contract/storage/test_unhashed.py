"""PUTs of clients that announce no digest: what arrives is told by the store, and checked by whoever asked for it."""

import pytest

from collective.core.storage.errors import PartRejectedError
from tests.contract.storage.conftest import Stores
from tests.contract.storage.wire import PART, arrived, new_key, send

pytestmark = [pytest.mark.once, pytest.mark.django_db(transaction=True)]
CONTENT = b"nobody said what this is"


def test_parts_arrive_in_any_order_and_the_last_of_a_number_counts(stores: Stores) -> None:
    key = new_key()
    storage_id = stores.incoming.create(key)
    first, second = b"a" * PART, b"the end"

    def put(number: int, content: bytes) -> str:
        response = send(stores.incoming.sign_unsized_part(key, storage_id, number, PART), content)
        assert response.status_code == 200, response.text
        return response.headers["ETag"].strip('"')

    etags = [put(2, b"sent in vain"), put(2, second), put(1, first)]
    parts = stores.incoming.list_parts(key, storage_id)
    assert [(part.number, part.size) for part in parts] == [(1, PART), (2, len(second))]
    assert [part.etag for part in parts] == [etags[2], etags[1]]
    stores.incoming.complete(key, storage_id, parts)
    with stores.incoming.open(key) as file:
        assert file.read() == first + second


def test_all_at_once_of_the_announced_length_and_never_again(stores: Stores) -> None:
    """What was hashed cannot be changed by the address by which it came."""
    key = new_key()
    storage_id = stores.incoming.create(key)
    request = stores.incoming.sign_unhashed_part(key, storage_id, len(CONTENT))
    assert send(request, CONTENT).status_code == 200
    stores.incoming.complete(key, storage_id, stores.incoming.list_parts(key, storage_id))
    assert send(request, CONTENT[::-1]).status_code >= 400
    with stores.incoming.open(key) as file:
        assert file.read() == CONTENT


@pytest.mark.parametrize("stores", ["local", "rclone"], indirect=True)  # moto enforces no signature
@pytest.mark.parametrize("content", [CONTENT + b"!", CONTENT[:-1], b""])
def test_another_length_never_passes_for_the_announced_one(stores: Stores, content: bytes) -> None:
    key = new_key()
    storage_id = stores.incoming.create(key)
    send(stores.incoming.sign_unhashed_part(key, storage_id, len(CONTENT)), content)
    assert all(part.size < len(CONTENT) for part in stores.incoming.list_parts(key, storage_id))


@pytest.mark.parametrize("stores", ["local"], indirect=True)  # S3 signs no upper limit
def test_a_part_that_is_too_long_leaves_nothing(stores: Stores) -> None:
    key = new_key()
    storage_id = stores.incoming.create(key)
    response = send(stores.incoming.sign_unsized_part(key, storage_id, 1, len(CONTENT)), CONTENT + b"!")
    assert (response.status_code, response.json()["code"]) == (400, "part_rejected")
    assert arrived(stores.incoming, key, storage_id) == []


def test_the_impossible_is_not_signed(stores: Stores) -> None:
    with pytest.raises(PartRejectedError):
        stores.incoming.sign_unsized_part(new_key(), "0" * 32, 10_001, PART)
    with pytest.raises(PartRejectedError):
        stores.incoming.sign_unhashed_part(new_key(), "0" * 32, 0)
