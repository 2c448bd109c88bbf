"""Bytes: headers, ranges, and what is written down."""

import base64
from typing import Any

import pytest

from collective.core.storage import published
from licensing.models import AccessRecord
from tests.contract.hub.published import Market
from tests.integration.hub.conftest import DATA, Caller

README = "/datasets/acme/greetings/resolve/main/README.md"


def body(response: Any) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


@pytest.fixture
def shard(market: Market) -> bytes:
    file = market.version.files.get(path=DATA.partition("/main/")[2])
    with published().open(file.sha256) as stored:
        return stored.read()


def test_the_headers_that_clients_read(buyer: Caller, market: Market, shard: bytes) -> None:
    file = market.version.files.get(path=DATA.partition("/main/")[2])
    head, get = buyer.head(DATA), buyer.get(DATA)
    for response in (head, get):
        assert response.status_code == 200
        assert response["X-Repo-Commit"] == market.version.commit_id
        assert response["ETag"] == f'"{file.sha256}"'
        assert response["Content-Length"] == str(len(shard))
        assert response["Accept-Ranges"] == "bytes"
        assert response["Content-Type"] == "application/octet-stream"
        assert not {"Content-Encoding", "X-Xet-Hash", "Link", "Set-Cookie"} & set(response.headers)
        assert not response.cookies
    assert body(get) == shard
    assert body(head) == b""


def test_a_client_that_accepts_gzip_gets_the_bytes_as_they_are(buyer: Caller, shard: bytes) -> None:
    response = buyer.get(DATA, **{"Accept-Encoding": "gzip, deflate"})
    assert "Content-Encoding" not in response.headers
    assert body(response) == shard


@pytest.mark.parametrize("asked", ["bytes=0-9", "bytes=10-", "bytes=-8", "bytes=5-99999999"])
def test_ranges(buyer: Caller, shard: bytes, asked: str) -> None:
    first, _, last = asked.removeprefix("bytes=").partition("-")
    expected = shard[-int(last) :] if not first else shard[int(first) : int(last) + 1 if last else None]
    response = buyer.get(DATA, Range=asked)
    start = len(shard) - len(expected) if not first else int(first)
    assert response.status_code == 206
    assert response["Content-Range"] == f"bytes {start}-{start + len(expected) - 1}/{len(shard)}"
    assert body(response) == expected


def test_a_range_past_the_end(buyer: Caller, shard: bytes) -> None:
    response = buyer.get(DATA, Range=f"bytes={len(shard)}-")
    assert (response.status_code, response["Content-Range"]) == (416, f"bytes */{len(shard)}")


def test_the_card_is_public_and_its_etag_is_gits(anybody: Caller, market: Market) -> None:
    response = anybody.get(README)
    assert response.status_code == 200
    assert response["ETag"] == f'"{market.version.files.get(path="README.md").git_sha1}"'
    assert b"# Greetings" in body(response)
    assert body(anybody.get(README, Range="bytes=0-2")) == b"---"


def test_given_bytes_are_written_down_and_a_head_gives_none(buyer: Caller) -> None:
    buyer.head(DATA)
    assert AccessRecord.objects.count() == 0
    buyer.get(DATA, Range="bytes=0-9")
    record = AccessRecord.objects.get()
    assert (record.path, record.role, record.grant is not None) == (DATA.partition("/main/")[2], "licensee", True)
    assert buyer.key.startswith(f"dck_live_{record.key_id}_")


def test_basic_credentials(buyer: Caller, shard: bytes) -> None:
    basic = base64.b64encode(f"token:{buyer.key}".encode()).decode()
    assert body(Caller().get(DATA, Authorization=f"Basic {basic}")) == shard


def test_every_name_of_a_version_leads_to_the_same_bytes(buyer: Caller, market: Market) -> None:
    for name in ("main", "v1.0.0", "1.0.0", market.version.commit_id):
        response = buyer.head(DATA.replace("/main/", f"/{name}/"))
        assert (response.status_code, response["X-Repo-Commit"]) == (200, market.version.commit_id)
