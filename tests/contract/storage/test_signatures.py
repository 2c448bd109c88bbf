"""What a signature binds. moto checks none of this (ingestion reference 1), so it proves nothing here."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
import time_machine
from django.utils import timezone

from tests.contract.storage.conftest import Stores
from tests.contract.storage.wire import arrived, new_key, send, sha256, spec

pytestmark = [
    pytest.mark.once,
    pytest.mark.django_db(transaction=True),
    pytest.mark.parametrize("stores", ["local", "rclone"], indirect=True),
]
CONTENT = b"the announced bytes"
OTHER = b"of the same lengths"


@pytest.mark.parametrize(
    ("content", "headers"),
    [
        pytest.param(OTHER, {}, id="other bytes"),
        pytest.param(CONTENT + b"!", {}, id="longer"),
        pytest.param(CONTENT[:-1], {}, id="shorter"),
        pytest.param(b"", {}, id="empty"),
        pytest.param(OTHER, {"Content-MD5": "1B2M2Y8AsgTpgAmY7PhCfg=="}, id="another MD5 header"),
    ],
)
def test_a_part_with_other_bytes_leaves_nothing(stores: Stores, content: bytes, headers: dict[str, str]) -> None:
    key = new_key()
    storage_id = stores.incoming.create(key)
    response = send(stores.incoming.sign_part(key, storage_id, spec(1, CONTENT)), content, headers)
    assert 400 <= response.status_code < 500
    assert arrived(stores.incoming, key, storage_id) == []


def test_a_part_link_is_for_put_only(stores: Stores) -> None:
    key = new_key()
    signed = stores.incoming.sign_part(key, stores.incoming.create(key), spec(1, CONTENT))
    assert [httpx.request(method, signed.url).status_code for method in ("GET", "DELETE", "POST")] in (
        [405, 405, 405],
        [403, 403, 403],
    )


def test_an_object_link_is_for_reading_only(stores: Stores, make_file: Callable[[bytes], Path]) -> None:
    stores.published.put(make_file(CONTENT), sha256=sha256(CONTENT))
    signed = stores.published.sign_get(sha256(CONTENT), filename="a.parquet", seconds=60)
    for method in ("PUT", "DELETE", "POST"):
        assert httpx.request(method, signed.url, content=b"x").status_code in {403, 405}
    with stores.published.open(sha256(CONTENT)) as file:
        assert file.read() == CONTENT


def test_a_changed_link_is_refused(stores: Stores, make_file: Callable[[bytes], Path]) -> None:
    stores.published.put(make_file(CONTENT), sha256=sha256(CONTENT))
    url = stores.published.sign_get(sha256(CONTENT), filename="a.parquet", seconds=60).url
    place = url.index("X-Amz-Signature=") + 20 if stores.engine == "rclone" else url.index("token=") + 30
    changed = url[:place] + ("0" if url[place] != "0" else "1") + url[place + 1 :]
    assert httpx.get(url).status_code == 200
    assert httpx.get(changed).status_code == 403


def test_a_link_for_one_object_opens_no_other(stores: Stores, make_file: Callable[[bytes], Path]) -> None:
    for content in (CONTENT, OTHER):
        stores.published.put(make_file(content), sha256=sha256(content))
    url = stores.published.sign_get(sha256(CONTENT), filename="a", seconds=60).url
    other = stores.published.sign_get(sha256(OTHER), filename="a", seconds=60).url
    if stores.engine == "rclone":
        assert httpx.get(url.replace(sha256(CONTENT), sha256(OTHER))).status_code == 403
    assert (httpx.get(url).content, httpx.get(other).content) == (CONTENT, OTHER)


def test_links_end(stores: Stores, make_file: Callable[[bytes], Path]) -> None:
    stores.published.put(make_file(CONTENT), sha256=sha256(CONTENT))
    key = new_key()
    storage_id = stores.incoming.create(key)
    with time_machine.travel(timezone.now() - timedelta(hours=2), tick=True):
        part = stores.incoming.sign_part(key, storage_id, spec(1, CONTENT))
        link = stores.published.sign_get(sha256(CONTENT), filename="a", seconds=300)
    assert send(part, CONTENT).status_code in {400, 403}  # 400: rclone
    assert httpx.get(link.url).status_code in {400, 403}
    assert stores.incoming.list_parts(key, storage_id) == []


def test_no_link_lives_longer_than_an_hour(stores: Stores) -> None:
    link = stores.published.sign_get(sha256(CONTENT), filename="a", seconds=1_000_000)
    assert timedelta(minutes=59) < link.expires_at - timezone.now() <= timedelta(hours=1)
