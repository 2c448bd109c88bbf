"""What is published: named by its hash, never replaced, read in pieces, downloaded under a name."""

import io
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote

import httpx
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from collective.core.storage import s3
from collective.core.storage.base import ObjectInfo
from collective.core.storage.errors import DigestMismatchError, ObjectNotFoundError
from tests.contract.storage.conftest import Stores
from tests.contract.storage.wire import MIB, sha256

pytestmark = [pytest.mark.once, pytest.mark.django_db(transaction=True)]
CONTENT = bytes(range(256)) * 40
DIGEST = sha256(CONTENT)
Make = Callable[[bytes], Path]


@pytest.fixture
def url(stores: Stores, make_file: Make) -> str:
    stores.published.put(make_file(CONTENT), sha256=DIGEST)
    return stores.published.sign_get(DIGEST, filename="en/Märchen.parquet", seconds=60).url


def test_an_object_is_stored_once_under_its_hash(stores: Stores, make_file: Make) -> None:
    stores.published.put(make_file(CONTENT), sha256=DIGEST)
    stores.published.put(make_file(CONTENT), sha256=DIGEST)
    assert stores.published.info(DIGEST) == ObjectInfo(len(CONTENT))
    with stores.published.open(DIGEST) as file:
        assert file.read() == CONTENT


def test_an_object_that_is_too_large_for_one_request_travels_in_parts(
    stores: Stores, make_file: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(s3, "ONE_PUT_MAX", MIB)
    large = CONTENT * (9 * MIB // len(CONTENT) + 1)  # more than boto3 sends at once
    stores.published.put(make_file(large), sha256=sha256(large))
    with stores.published.open(sha256(large)) as file:
        assert sha256(file.read()) == sha256(large)


def test_bytes_that_are_not_the_named_ones_are_refused(stores: Stores, make_file: Make) -> None:
    wrong = sha256(b"something else")
    with pytest.raises(DigestMismatchError):
        stores.published.put(make_file(CONTENT), sha256=wrong)
    with pytest.raises(ObjectNotFoundError):
        stores.published.info(wrong)


def test_other_bytes_never_replace_an_object(stores: Stores, make_file: Make) -> None:
    stores.published.put(make_file(CONTENT), sha256=DIGEST)
    with pytest.raises(DigestMismatchError):
        stores.published.put(make_file(b"forged"), sha256=DIGEST)
    with stores.published.open(DIGEST) as file:
        assert file.read() == CONTENT


def test_an_unknown_object_is_not_found(stores: Stores) -> None:
    for unknown in (sha256(b"nobody stored this"), "no hash at all", "../../etc/passwd", DIGEST.upper()):
        with pytest.raises(ObjectNotFoundError):
            stores.published.info(unknown)
        with pytest.raises(ObjectNotFoundError):
            stores.published.open(unknown)


def test_a_deleted_object_is_gone(stores: Stores, make_file: Make) -> None:
    content = b"to be collected"
    stores.published.put(make_file(content), sha256=sha256(content))
    stores.published.delete(sha256(content))
    stores.published.delete(sha256(content))
    with pytest.raises(ObjectNotFoundError):
        stores.published.info(sha256(content))


def test_the_reader_seeks(stores: Stores, make_file: Make) -> None:
    stores.published.put(make_file(CONTENT), sha256=DIGEST)
    with stores.published.open(DIGEST) as file:
        assert file.seek(-10, io.SEEK_END) == len(CONTENT) - 10
        assert file.read() == CONTENT[-10:]
        file.seek(100)
        assert file.read(50) == CONTENT[100:150]
        assert file.tell() == 150
        file.seek(len(CONTENT) + 5)
        assert file.read() == b""


def test_parquet_is_read_through_the_reader(stores: Stores, tmp_path: Path) -> None:
    table = pa.table({"number": list(range(50_000)), "text": [f"row {number}" for number in range(50_000)]})
    path = tmp_path / "shard.parquet"
    pq.write_table(table, path, row_group_size=5_000)
    stores.published.put(path, sha256=sha256(path.read_bytes()))
    with stores.published.open(sha256(path.read_bytes())) as file:
        assert pq.ParquetFile(file).read_row_group(7).equals(table.slice(35_000, 5_000))


def test_an_object_larger_than_the_buffer_is_read_whole(stores: Stores, make_file: Make) -> None:
    content = bytes(1000) * (9 * MIB // 1000)
    stores.published.put(make_file(content), sha256=sha256(content))
    with stores.published.open(sha256(content)) as file:
        assert sha256(file.read()) == sha256(content)


def test_a_link_gives_the_bytes_as_an_attachment(url: str) -> None:
    response = httpx.get(url)
    assert (response.status_code, response.content) == (200, CONTENT)
    assert response.headers["Content-Type"] == "application/octet-stream"
    disposition = response.headers["Content-Disposition"]
    assert disposition.startswith("attachment;")
    assert unquote(disposition).endswith("filename*=UTF-8''Märchen.parquet")
    assert response.headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("bytes=0-9", CONTENT[:10]),
        ("bytes=10000-", CONTENT[10000:]),
        ("bytes=-7", CONTENT[-7:]),
        ("bytes=5-9999999", CONTENT[5:]),
    ],
)
def test_a_range_gives_exactly_these_bytes(stores: Stores, url: str, asked: str, expected: bytes) -> None:
    response = httpx.get(url, headers={"Range": asked})
    assert response.content == expected
    # rclone answers 200 to a presigned ranged GET, with the right bytes (ingestion reference 1).
    assert response.status_code == (200 if stores.engine == "rclone" else 206)


def test_a_range_behind_the_end_is_refused(url: str) -> None:
    assert httpx.get(url, headers={"Range": f"bytes={len(CONTENT)}-"}).status_code == 416


def test_only_a_local_object_has_a_path(stores: Stores, make_file: Make) -> None:
    stores.published.put(make_file(CONTENT), sha256=DIGEST)
    path = stores.published.local_path(DIGEST)
    assert (path.read_bytes() if path else None) == (CONTENT if stores.engine == "local" else None)
