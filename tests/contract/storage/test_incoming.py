"""What arrives: signed parts, resumed, joined once, or dropped."""

from dataclasses import replace

import pytest

from collective.core.storage.base import PartSpec
from collective.core.storage.errors import InvalidKeyError, ObjectNotFoundError, PartRejectedError, UploadNotFoundError
from tests.contract.storage.conftest import Stores
from tests.contract.storage.wire import PART, new_key, send, spec, upload

pytestmark = [pytest.mark.once, pytest.mark.django_db(transaction=True)]
FIRST, LAST = b"a" * PART, b"the end"


def test_parts_are_joined_in_order_whatever_order_they_came_in(stores: Stores) -> None:
    key = new_key()
    storage_id = stores.incoming.create(key)
    for number, content in ((2, LAST), (1, FIRST)):
        assert send(stores.incoming.sign_part(key, storage_id, spec(number, content)), content).status_code == 200
    stores.incoming.complete(key, storage_id, stores.incoming.list_parts(key, storage_id))
    with stores.incoming.open(key) as file:
        assert file.read() == FIRST + LAST


def test_listed_parts_are_the_ones_that_arrived(stores: Stores) -> None:
    key = new_key()
    storage_id = upload(stores.incoming, key, FIRST, LAST)
    listed = stores.incoming.list_parts(key, storage_id)
    assert [(part.number, part.size, part.etag) for part in listed] == [
        (1, PART, spec(1, FIRST).md5),
        (2, len(LAST), spec(2, LAST).md5),
    ]


def test_the_answer_to_a_part_carries_its_etag(stores: Stores) -> None:
    key = new_key()
    response = send(stores.incoming.sign_part(key, stores.incoming.create(key), spec(1, LAST)), LAST)
    assert response.headers["ETag"].strip('"') == spec(1, LAST).md5


def test_a_new_upload_has_no_parts(stores: Stores) -> None:
    key = new_key()
    assert stores.incoming.list_parts(key, stores.incoming.create(key)) == []


# rclone keeps the first one, so it is no server to upload from a changing file to.
@pytest.mark.parametrize("stores", ["local", "moto"], indirect=True)
def test_a_part_sent_again_replaces_the_first(stores: Stores) -> None:
    key = new_key()
    storage_id = upload(stores.incoming, key, b"first thought")
    send(stores.incoming.sign_part(key, storage_id, spec(1, b"second thought")), b"second thought")
    parts = stores.incoming.list_parts(key, storage_id)
    assert [part.etag for part in parts] == [spec(1, b"second thought").md5]
    stores.incoming.complete(key, storage_id, parts)
    with stores.incoming.open(key) as file:
        assert file.read() == b"second thought"


def test_completing_twice_is_completing_once(stores: Stores) -> None:
    key = new_key()
    storage_id = upload(stores.incoming, key, LAST)
    parts = stores.incoming.list_parts(key, storage_id)
    stores.incoming.complete(key, storage_id, parts)
    stores.incoming.complete(key, storage_id, parts)
    with stores.incoming.open(key) as file:
        assert file.read() == LAST


def test_a_completed_upload_takes_no_more_parts(stores: Stores) -> None:
    key = new_key()
    storage_id = upload(stores.incoming, key, LAST)
    stores.incoming.complete(key, storage_id, stores.incoming.list_parts(key, storage_id))
    late = send(stores.incoming.sign_part(key, storage_id, spec(2, b"late")), b"late")
    assert late.status_code == (500 if stores.engine == "moto" else 404)  # moto fails where it should refuse
    with stores.incoming.open(key) as file:
        assert file.read() == LAST


def test_a_part_that_never_came_or_is_another_cannot_be_completed(stores: Stores) -> None:
    key = new_key()
    storage_id = upload(stores.incoming, key, LAST)
    (part,) = stores.incoming.list_parts(key, storage_id)
    for wrong in (replace(part, number=2), replace(part, etag="0" * 32), replace(part, size=part.size + 1)):
        with pytest.raises(PartRejectedError):
            stores.incoming.complete(key, storage_id, [wrong])
    with pytest.raises(ObjectNotFoundError):
        stores.incoming.open(key)


def test_an_aborted_upload_is_gone(stores: Stores) -> None:
    key = new_key()
    storage_id = upload(stores.incoming, key, LAST)
    stores.incoming.abort(key, storage_id)
    stores.incoming.abort(key, storage_id)
    with pytest.raises(UploadNotFoundError):
        stores.incoming.list_parts(key, storage_id)
    with pytest.raises(UploadNotFoundError):
        stores.incoming.complete(key, storage_id, [])
    with pytest.raises(ObjectNotFoundError):
        stores.incoming.open(key)


def test_deleting_is_idempotent_and_final(stores: Stores) -> None:
    key = new_key()
    storage_id = upload(stores.incoming, key, LAST)
    stores.incoming.complete(key, storage_id, stores.incoming.list_parts(key, storage_id))
    stores.incoming.delete(key)
    stores.incoming.delete(key)
    with pytest.raises(ObjectNotFoundError):
        stores.incoming.open(key)


@pytest.mark.parametrize("key", ["../x", "a/../b", "/etc/passwd", "", "a//b", ".hidden", "a\0b", "ü", "a" * 513])
def test_a_key_that_could_leave_its_place_is_refused(stores: Stores, key: str) -> None:
    with pytest.raises(InvalidKeyError):
        stores.incoming.create(key)


@pytest.mark.parametrize(
    "part", [PartSpec(0, 1, "0" * 32), PartSpec(10_001, 1, "0" * 32), PartSpec(1, 0, "0" * 32), PartSpec(1, 1, "no")]
)
def test_an_impossible_part_is_not_signed(stores: Stores, part: PartSpec) -> None:
    key = new_key()
    with pytest.raises(PartRejectedError):
        stores.incoming.sign_part(key, stores.incoming.create(key), part)


def test_a_part_can_be_sent_from_the_server_itself(stores: Stores) -> None:
    key = new_key()
    storage_id = stores.incoming.create(key)
    stores.incoming.put_part(key, storage_id, spec(1, LAST), LAST)
    with pytest.raises(PartRejectedError):
        stores.incoming.put_part(key, storage_id, spec(2, LAST), LAST + b"!")
    assert [part.etag for part in stores.incoming.list_parts(key, storage_id)] == [spec(1, LAST).md5]


def test_incoming_bytes_have_no_download_link(stores: Stores) -> None:
    assert not hasattr(stores.incoming, "sign_get")
