"""Details, sessions and archives: what they say of each other, and who gets them."""

import csv
import hashlib
import io
import tarfile

import pytest
from django.test import Client

from collective.core.jobs.drain import drain
from licensing.models import AccessRecord
from tests.contract.hub.published import Market, greeting
from tests.integration.mdc.conftest import Caller


@pytest.fixture
def path(market: Market) -> str:
    return f"/datasets/{market.dataset.pk}"


def test_an_archive_is_made_once_and_given_with_the_bytes_that_were_announced(
    market: Market, buyer: Caller, anybody: Caller, path: str
) -> None:
    first = buyer.post(f"{path}/download")
    assert (first.status_code, first["Retry-After"]) == (503, "5")
    assert "0 of 20 records" in first.json()["message"]
    assert anybody.get(path).json()["checksum"] is None
    drain()
    session, told = buyer.post(f"{path}/download").json(), anybody.get(path).json()
    assert {name: session[name] for name in ("checksum", "sizeBytes", "filename")} == {
        name: told[name] for name in ("checksum", "sizeBytes", "filename")
    }
    content = fetched(session["downloadUrl"])
    assert (len(content), hashlib.sha256(content).hexdigest()) == (session["sizeBytes"], session["checksum"])
    assert rows_in(content)[0] == {"text": greeting("1.0.0", 0), "label": "0", "split": "train"}
    assert len(rows_in(content)) == 20
    record = AccessRecord.objects.get(pk=session["accessRecordId"])
    assert (record.path, record.sha256, record.size) == (told["filename"], told["checksum"], told["sizeBytes"])


def fetched(url: str) -> bytes:
    answer = Client().get(url.partition("testserver")[2] or "/" + url.split("/", 3)[3])
    assert answer.status_code == 200, answer.content
    return b"".join(answer.streaming_content)


def rows_in(archive: bytes) -> list[dict[str, str]]:
    with tarfile.open(fileobj=io.BytesIO(archive), mode="r:gz") as tar:
        index = tar.extractfile("index.csv")
        assert index is not None
        return list(csv.DictReader(io.StringIO(index.read().decode())))
