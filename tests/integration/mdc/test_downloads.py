"""Details, sessions and archives: what they say of each other, who gets them, and until when."""

import csv
import hashlib
import io
import tarfile
from datetime import timedelta
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest
import yaml
from django.http import FileResponse
from django.test import Client
from pytest_django import Settings

from collective.accounts.models import ApiKey
from collective.accounts.services import revoke_api_key
from collective.catalog.models import Dataset, DatasetVersion
from collective.core.jobs.drain import drain
from collective.core.storage import published
from collective.core.storage.errors import ObjectNotFoundError
from collective.interop.mdc import archives
from collective.interop.mdc.archives import build_archive, drop_archives, drop_superseded
from collective.interop.models import MdcArchive
from licensing.models import AccessRecord, LicenseGrant
from licensing.services import withdraw_contribution
from tests.contract.hub.published import Market, greeting, key_for, publish
from tests.integration.licensing import world as licensing_world
from tests.integration.mdc.conftest import Caller
from tests.services.s3 import S3Server

pytestmark = pytest.mark.once  # `test_archives_at_once.py` and `test_handing_in.py` go the whole way on both databases

EVALUATION = "LicenseRef-DC-EVAL-ONLY-1.0"


@pytest.fixture
def path(market: Market) -> str:
    return f"/datasets/{market.dataset.pk}"


def test_an_archive_is_made_once_and_given_with_the_bytes_that_were_announced(
    buyer: Caller, anybody: Caller, path: str
) -> None:
    first = buyer.post(f"{path}/download")
    assert (first.status_code, first["Retry-After"]) == (503, "5")
    assert "0 of 20 records" in first.json()["message"]
    assert anybody.get(path).json()["checksum"] is None
    drain()
    session, told = buyer.post(f"{path}/download").json(), anybody.get(path).json()
    announced = {name: told[name] for name in ("checksum", "sizeBytes", "filename")}
    assert {name: session[name] for name in announced} == announced
    content = fetched(session["downloadUrl"])
    assert (len(content), hashlib.sha256(content).hexdigest()) == (session["sizeBytes"], session["checksum"])
    assert rows_in(content)[0] == {"text": greeting("1.0.0", 0), "label": "0", "split": "train"}
    assert len(rows_in(content)) == 20
    record = AccessRecord.objects.get(pk=session["accessRecordId"])
    assert (record.path, record.sha256, record.size) == (told["filename"], told["checksum"], told["sizeBytes"])
    assert MdcArchive.objects.count() == 1


def test_made_again_it_has_the_same_bytes(market: Market, buyer: Caller, path: str) -> None:
    first = ready(buyer, path)
    archive = MdcArchive.objects.get()
    MdcArchive.objects.filter(pk=archive.pk).update(state="dropped")
    published().delete(archive.sha256)
    second = ready(buyer, path)
    assert second["checksum"] == first["checksum"]
    assert len(fetched(second["downloadUrl"])) == first["sizeBytes"]


@pytest.mark.once
def test_the_store_makes_no_difference_to_the_bytes(
    market: Market, buyer: Caller, path: str, settings: Settings, moto_server: S3Server, tmp_path: Path
) -> None:
    here = ready(buyer, path)
    held = {file.sha256: published().open(file.sha256).read() for file in market.version.files.all()}
    settings.STORAGE_URL = moto_server.storage_url
    for sha256, content in held.items():
        (tmp_path / sha256).write_bytes(content)
        published().put(tmp_path / sha256, sha256=sha256)
    MdcArchive.objects.update(state="dropped")
    there = ready(buyer, path)
    assert (there["checksum"], there["sizeBytes"]) == (here["checksum"], here["sizeBytes"])
    with urlopen(there["downloadUrl"], timeout=10) as answer:
        assert hashlib.sha256(answer.read()).hexdigest() == here["checksum"]


def test_what_a_worker_stored_before_it_was_killed_is_taken_up(market: Market, buyer: Caller, path: str) -> None:
    session, archive = ready(buyer, path), MdcArchive.objects.get()
    MdcArchive.objects.update(state="waiting", ready_at=None, rows_done=3)
    assert buyer.post(f"{path}/download").status_code == 503
    build_archive(archive_id=archive.pk)
    again = buyer.post(f"{path}/download").json()
    assert (again["checksum"], again["sizeBytes"]) == (session["checksum"], session["sizeBytes"])
    assert hashlib.sha256(fetched(again["downloadUrl"])).hexdigest() == session["checksum"]


def test_a_session_is_read_with_ranges_and_never_compressed(buyer: Caller, path: str) -> None:
    session = ready(buyer, path)
    url = local(session["downloadUrl"])
    part = Client().get(url, headers={"Range": "bytes=10-", "Accept-Encoding": "gzip"})
    assert (part.status_code, part["Content-Length"]) == (206, str(session["sizeBytes"] - 10))
    assert "Content-Encoding" not in part
    assert Client().get(url, headers={"Range": f"bytes={session['sizeBytes']}-"}).status_code == 416


def test_who_gets_no_session(market: Market, stranger: Caller, anybody: Caller, path: str) -> None:
    bought = stranger.post(f"{path}/download")
    assert (bought.status_code, bought.json()["error"]) == (402, "purchase_required")
    assert "/datasets/acme/greetings/" in bought.json()["message"]
    assert anybody.post(f"{path}/download").status_code == 401
    assert Caller("dck_live_wrong").post(f"{path}/download").status_code == 401
    assert Caller(key_for(market.steward, "upload")).post(f"{path}/download").status_code == 403
    assert not MdcArchive.objects.exists()
    assert not AccessRecord.objects.exists()


def test_terms_of_a_free_dataset_are_accepted_first(market: Market, stranger: Caller, path: str) -> None:
    licensing_world.offered(market.dataset, market.steward, price_minor=0, license_id=licensing_world.EVERYBODY)
    refused = stranger.post(f"{path}/download")
    assert (refused.status_code, refused.json()["error"]) == (403, "terms_required")


def test_an_evaluation_license_does_not_open_the_whole(
    market: Market, stranger: Caller, path: str, tmp_path: Path
) -> None:
    folder = tmp_path / "built"
    version = publish(market.dataset, market.steward, market.contribution, folder, shards=1, split="test")
    offer = licensing_world.offered(market.dataset, market.steward, license_id=EVALUATION)
    licensing_world.granted(offer, version, ApiKey.objects.get(pk=stranger.key.split("_")[2]).owner)
    refused = stranger.post(f"{path}/download")
    assert (refused.status_code, refused.json()["error"]) == (403, "action_not_granted")
    assert not MdcArchive.objects.exists()


def test_after_a_withdrawal_nothing_of_it_is_given(market: Market, buyer: Caller, anybody: Caller, path: str) -> None:
    session, sha256 = ready(buyer, path), MdcArchive.objects.get().sha256
    withdraw_contribution(actor=market.contributor, contribution_id=market.contribution.pk)
    assert Client().get(local(session["downloadUrl"])).status_code == 410  # at once: no job has run
    assert [anybody.get(path).status_code, buyer.post(f"{path}/download").status_code] == [410, 410]
    drain()
    assert MdcArchive.objects.get().state == "dropped"
    with pytest.raises(ObjectNotFoundError):
        published().info(sha256)


def test_under_examination_nothing_is_given_and_afterwards_the_same(
    market: Market, buyer: Caller, anybody: Caller, path: str
) -> None:
    session = ready(buyer, path)
    Dataset.objects.filter(pk=market.dataset.pk).update(state="quarantined")
    assert Client().get(local(session["downloadUrl"])).status_code == 403
    assert [anybody.get(path).status_code, buyer.post(f"{path}/download").status_code] == [403, 403]
    drop_archives()
    assert MdcArchive.objects.get().state == "dropped"
    Dataset.objects.filter(pk=market.dataset.pk).update(state="listed")
    assert ready(buyer, path)["checksum"] == session["checksum"]


def test_what_is_withdrawn_while_an_archive_is_made_is_not_kept(
    market: Market, buyer: Caller, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert buyer.post(f"{path}/download").status_code == 503
    store, stored = published(), []

    def put_late(made: Path, *, sha256: str) -> None:
        type(store).put(store, made, sha256=sha256)
        stored.append(sha256)
        DatasetVersion.objects.filter(pk=market.version.pk).update(state="withdrawn_content")

    monkeypatch.setattr(store, "put", put_late)
    build_archive(archive_id=MdcArchive.objects.get().pk)
    assert MdcArchive.objects.get().state == "dropped"
    with pytest.raises(ObjectNotFoundError):
        store.info(*stored)


def test_a_revoked_license_opens_no_session(buyer: Caller, path: str) -> None:
    session = ready(buyer, path)
    LicenseGrant.objects.update(state="revoked")
    assert buyer.post(f"{path}/download").status_code == 403
    assert Client().get(local(session["downloadUrl"])).status_code == 403  # nor does what was opened before go on


def test_a_session_ends_with_its_key(market: Market, path: str) -> None:
    session = ready(Caller(key_for(market.steward)), path)
    revoke_api_key(actor=market.steward, key_id=ApiKey.objects.get().pk)
    assert Client().get(local(session["downloadUrl"]), headers={"Range": "bytes=5-"}).status_code == 403
    assert AccessRecord.objects.count() == 1


def test_a_new_version_has_a_new_name_and_is_made_at_once_and_the_one_before_goes(
    market: Market, buyer: Caller, anybody: Caller, path: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = ready(buyer, path)
    publish(market.dataset, market.steward, market.contribution, tmp_path / "built", shards=1)
    drain()
    told = anybody.get(path).json()
    assert told["filename"] != before["filename"]
    assert told["checksum"] not in (None, before["checksum"])
    assert MdcArchive.objects.filter(state="ready").count() == 2
    drop_superseded()
    assert Client().get(local(before["downloadUrl"])).status_code == 200
    monkeypatch.setattr(archives, "SUPERSEDED_KEPT", timedelta(0))
    drop_superseded()
    assert dict(MdcArchive.objects.values_list("sha256", "state")) == {
        before["checksum"]: "dropped",
        told["checksum"]: "ready",
    }
    with pytest.raises(ObjectNotFoundError):
        published().info(before["checksum"])


def test_a_hidden_dataset_is_found_by_its_id_alone_and_tells_nothing(
    market: Market, buyer: Caller, anybody: Caller, stranger: Caller, path: str
) -> None:
    Dataset.objects.filter(pk=market.dataset.pk).update(visibility="private")
    told = anybody.get(path).json()
    assert (told["filename"], told["id"]) == (
        f"greetings-{market.version.commit_id[:8]}.tar.gz",
        str(market.dataset.pk),
    )
    assert {told[name] for name in ("name", "longDescription", "organization", "datasetUrl", "license")} == {None}
    assert anybody.get(f"/datasets/{told['slug']}").status_code == 404
    assert anybody.get("/datasets/acme/greetings").status_code == 404
    assert anybody.get("/datasets").json() == {"items": [], "total": 0}
    assert stranger.post(f"{path}/download").status_code == 404
    assert ready(buyer, path)["checksum"]


def test_the_sample_is_the_public_preview(
    market: Market, stranger: Caller, anybody: Caller, path: str, tmp_path: Path
) -> None:
    assert stranger.post(f"{path}/sample-download").status_code == 404
    shown = [{"text": "short", "label": 1}]
    publish(market.dataset, market.steward, market.contribution, tmp_path / "built", shards=1, preview=shown)
    assert anybody.post(f"{path}/sample-download").status_code == 401
    session = stranger.post(f"{path}/sample-download").json()
    assert "checksum" not in session
    assert rows_in(fetched(session["downloadUrl"])) == [{"text": "short", "label": "1", "split": ""}]
    assert stranger.post(f"{path}/sample-download").json()["sizeBytes"] == session["sizeBytes"]
    withdraw_contribution(actor=market.contributor, contribution_id=market.contribution.pk)
    assert Client().get(local(session["downloadUrl"])).status_code == 410
    assert stranger.post(f"{path}/sample-download").status_code == 410


def test_the_loader_schema_names_the_columns_of_the_index(anybody: Caller, market: Market) -> None:
    answer = anybody.get(f"/main/registry/{market.dataset.pk}/schema.yaml")
    schema = yaml.safe_load(answer.content)
    assert (schema["dataset_id"], schema["root_strategy"]) == (str(market.dataset.pk), "index")
    assert set(schema["columns"]) == {"text", "label", "record_id", "split"}


SEARCHES: list[tuple[dict[str, Any], int]] = [
    ({"q": "greetings languages"}, 1),
    ({"q": "nothing"}, 0),
    ({"task": ["ASR", "NLP"], "locale": ["fr", "ar"]}, 1),
    ({"task": "N/A"}, 0),
    ({"locale": "a"}, 0),
    ({"license": licensing_world.TRAIN}, 1),
    ({"license": "MIT"}, 0),
    ({"format": "CSV"}, 1),
    ({"format": "WAV"}, 0),
    ({"uploadDate": "today", "sort": "size", "sortDirection": "asc"}, 1),
    ({"pricing": "compensated"}, 1),
    ({"pricing": "free"}, 0),
    ({"sample": "true"}, 0),
    ({"sample": "false"}, 1),
]
MEANINGLESS = ({"limit": 0}, {"limit": 101}, {"limit": "x"}, {"page": 0}, {"sort": "x"}, {"pricing": "x"})


def test_search(anybody: Caller) -> None:
    for query, count in SEARCHES:
        found = anybody.get("/datasets", **query).json()
        assert (query, found["total"], len(found["items"])) == (query, count, count)
    second = anybody.get("/datasets", page=2).json()
    assert second == {"items": [], "total": 1}
    assert [anybody.get("/datasets", **query).status_code for query in MEANINGLESS] == [400] * len(MEANINGLESS)


@pytest.mark.once
def test_what_is_long_is_not_fetched_for_what_is_short(
    anybody: Caller, path: str, django_assert_max_num_queries: Any
) -> None:
    for asked in ("/datasets", path):
        with django_assert_max_num_queries(20) as seen:
            assert anybody.get(asked).status_code == 200
        fetched_columns = " ".join(query["sql"].partition(" FROM ")[0] for query in seen.captured_queries)
        assert not [name for name in ('"preview"', '"statistics"') if name in fetched_columns]


def test_the_price_is_the_offers(anybody: Caller, market: Market, path: str) -> None:
    offer = market.offer
    told = anybody.get(path).json()
    fee = offer.price_minor * 5 // 100
    assert told["pricing"] == {
        "isPaid": True,
        "basePriceCents": offer.price_minor,
        "currency": "eur",
        "platformFeeRate": "0.05",
        "platformFeeCents": fee,
        "totalPriceCents": offer.price_minor + fee,
    }
    assert (told["isPaid"], told["basePriceCents"]) == (True, offer.price_minor)
    assert told["licenseAbbreviation"] == licensing_world.TRAIN


def ready(caller: Caller, path: str) -> dict[str, Any]:
    """A session, after the archive was made."""
    caller.post(f"{path}/download")
    drain()
    answer = caller.post(f"{path}/download")
    assert answer.status_code == 200, answer.content
    return dict(answer.json())


def local(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}"


def fetched(url: str) -> bytes:
    answer = cast("FileResponse", Client().get(local(url)))
    assert answer.status_code == 200
    return b"".join(cast("Any", answer.streaming_content))


def rows_in(archive: bytes) -> list[dict[str, str]]:
    with tarfile.open(fileobj=io.BytesIO(archive), mode="r:gz") as tar:
        index = tar.extractfile("index.csv")
        assert index is not None
        return list(csv.DictReader(io.StringIO(index.read().decode())))
