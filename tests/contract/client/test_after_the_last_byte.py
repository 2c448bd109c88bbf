"""The site joins and hashes what has arrived. A run that ends meanwhile, or bytes that changed in the store."""

import random
from pathlib import Path

import pytest
from django.conf import settings

from ingestion.models import Upload
from tests.contract.client.command import finished, killed
from tests.contract.client.conftest import MIB, PART, MakeMarket, Market
from tests.services.instance import eventually

pytestmark = [pytest.mark.command, pytest.mark.slow]
SECONDS = 60
BATCH_BYTES = 16 * MIB


def assembling() -> bool:
    return Upload.objects.filter(state="assembling").exists()


def test_what_the_site_still_hashes_is_not_sent_again(
    market: Market, big_file: Path, request: pytest.FixtureRequest
) -> None:
    first = market.command.start(big_file)
    assert eventually(assembling, seconds=SECONDS)
    killed(first)

    market.store.open_again()
    second = market.command.start(big_file)
    assert second.stderr is not None
    assert any("still hashing what an earlier run has sent" in line for line in second.stderr)
    request.getfixturevalue("worker")
    done = finished(second)
    assert done.status == 0, done.err
    assert market.store.answered("PUT") == []
    assert Upload.objects.get().state == "stored"


def test_a_site_whose_workers_are_away_is_named(market: Market, big_file: Path) -> None:
    done = market.command.upload(big_file, "--patience", "2")
    assert done.status == 4
    assert done.complaint == (
        "collective: Everything has arrived, but the site does not get on with checking (still to do: 1). "
        "Run the same command again later; if that does not help, ask the site's operator."
    )


@pytest.mark.parametrize("size", [3 * MIB, 22 * MIB])
def test_bytes_that_change_in_the_store_are_found(
    market: Market, tmp_path: Path, size: int, request: pytest.FixtureRequest
) -> None:
    path = tmp_path / "talks.bin"
    path.write_bytes(random.Random(3).randbytes(size))
    process = market.command.start(path)
    assert eventually(assembling, seconds=SECONDS)
    for stored in (each for each in Path(settings.STORAGE_DIR).rglob("*") if each.is_file()):
        stored.write_bytes(bytes(stored.stat().st_size))
    request.getfixturevalue("worker")
    done = finished(process)
    assert (done.status, done.out) == (5, "")
    assert done.complaint == (
        "collective: “talks.bin” is failed on the site. Part 1 arrived changed. "
        "Run the same command again to send it once more."
    )

    assert market.command.upload(path).status == 0
    assert list(Upload.objects.order_by("created_at").values_list("state", flat=True)) == ["aborted", "stored"]


@pytest.mark.usefixtures("worker")
@pytest.mark.parametrize("size", [3 * MIB, 22 * MIB])
def test_a_store_that_takes_anything_is_seen_through(market_on: MakeMarket, tmp_path: Path, size: int) -> None:
    """moto does not compare the MD5 with the bytes. The site does, part by part or when it hashes the whole."""
    market, spoiled = market_on("moto"), list[bytes]()

    def spoil_once(body: bytes) -> bytes:
        spoiled.append(body)
        return body if len(spoiled) > 1 else body[:-1] + bytes([body[-1] ^ 1])

    path = tmp_path / "talks.bin"
    path.write_bytes(random.Random(5).randbytes(size))
    market.store.change = spoil_once
    first = market.command.upload(path)
    assert first.status == (0 if size > BATCH_BYTES else 5), first.err
    assert market.command.upload(path).status == 0
    assert len(spoiled) == -(-size // PART) + 1 if size > BATCH_BYTES else 2
    assert Upload.objects.get(state="stored").size == size
