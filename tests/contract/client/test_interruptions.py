"""Whatever ends a run, the next one goes on: nothing is sent twice, and every byte is right at the end."""

import hashlib
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from collective.core.storage import local
from ingestion.models import Upload
from tests.contract.client.command import finished, killed
from tests.contract.client.conftest import MakeMarket, Market
from tests.contract.client.wire import Passed, Wire
from tests.services.instance import eventually

pytestmark = [pytest.mark.command, pytest.mark.slow, pytest.mark.usefixtures("worker")]
SECONDS = 60
PARTS = 5


def held(wire: Wire, *, passed: int) -> bool:
    """So many PUTs have gone through, and others hang."""
    return eventually(lambda: len(wire.answered("PUT")) == passed and wire.held_count, seconds=SECONDS)


def assert_whole(path: Path) -> None:
    upload = Upload.objects.get()
    assert (upload.state, upload.sha256) == ("stored", hashlib.sha256(path.read_bytes()).hexdigest())


@pytest.mark.parametrize("engine", ["local", "rclone"])
def test_killed_in_the_middle_it_sends_only_the_rest(market_on: MakeMarket, engine: str, big_file: Path) -> None:
    market = market_on(engine)
    market.store.most_puts = 3
    process = market.command.start(big_file)
    assert held(market.store, passed=3)
    killed(process)
    assert Upload.objects.get().state == "open"

    market.store.open_again()
    done = market.command.upload(big_file)
    assert done.status == 0, done.err
    assert len(market.store.answered("PUT")) == PARTS - 3
    assert_whole(big_file)


def test_killed_between_clips_it_sends_only_the_rest(market: Market, clips: Path) -> None:
    market.store.most_puts = 120
    process = market.command.start(clips)
    assert held(market.store, passed=120)
    killed(process)

    market.store.open_again()
    done = market.command.upload(clips)
    assert done.status == 0, done.err
    assert len(market.store.answered("PUT")) == 301 - 120
    assert Upload.objects.filter(state="stored").count() == Upload.objects.count() == 301


@pytest.fixture
def with_ctrl_c() -> Iterator[None]:
    """What is started now hears Ctrl-C, even if a shell runs these tests in the background and so has it ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("with_ctrl_c")
def test_ctrl_c_says_how_to_go_on(market: Market, big_file: Path) -> None:
    market.store.most_puts = 2
    process = market.command.start(big_file)
    assert held(market.store, passed=2)
    done = killed(process, signal.SIGINT)
    assert done.status == 130
    assert done.complaint == "collective: Stopped. Run the same command again to go on where it was."

    market.store.open_again()
    assert market.command.upload(big_file).status == 0
    assert len(market.store.answered("PUT")) == PARTS - 2


def test_a_lost_network_is_waited_for(market: Market, big_file: Path) -> None:
    market.site.on_answer = lambda passed: _cut_after(market.site, passed, puts=2)
    process = market.command.start(big_file)
    assert eventually(lambda: market.site.cut, seconds=SECONDS)
    market.site.on_answer = lambda _: None
    assert eventually(lambda: market.site.cut_count > 3, seconds=SECONDS)
    market.site.cut = False
    done = finished(process)
    assert done.status == 0, done.err
    assert "was lost. Trying again, for up to 600 seconds." in done.err
    assert_whole(big_file)
    assert Upload.objects.count() == 1


def test_a_site_that_is_restarted_is_waited_for(market: Market, big_file: Path) -> None:
    market.store.most_puts = 3
    process = market.command.start(big_file)
    assert held(market.store, passed=3)
    market.site.down()
    market.site.drop_held()
    assert process.stderr is not None
    assert any("cannot be reached" in line for line in process.stderr)
    market.site.open_again()
    market.site.up()
    done = finished(process)
    assert done.status == 0, done.err
    assert len(market.store.answered("PUT")) == PARTS - 3
    assert_whole(big_file)


def test_a_site_that_stays_away_is_given_up(market: Market, big_file: Path) -> None:
    market.site.on_answer = lambda passed: _cut_after(market.site, passed, puts=2)
    done = market.command.upload(big_file, "--patience", "2")
    assert done.status == 4
    assert done.complaint.endswith(
        "was lost. Check your network and run the same command again: what has arrived is not sent twice."
    )
    arrived = len(market.store.answered("PUT"))

    market.site.on_answer = lambda _: None
    market.site.open_again()
    assert market.command.upload(big_file).status == 0
    assert len(market.store.answered("PUT")) == PARTS - arrived


def test_an_expired_address_is_asked_for_again(market: Market, big_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every address is too old when it is made, until the site has refused three of them."""
    monkeypatch.setattr(local, "PART_SECONDS", 0)

    def until_refused(passed: Passed) -> None:
        if len(market.store.answered("PUT", 403)) == 3:
            monkeypatch.setattr(local, "PART_SECONDS", 3600)

    market.store.on_answer = until_refused
    done = market.command.upload(big_file)
    assert done.status == 0, done.err
    assert "The address of a part had expired. Trying again, for up to 600 seconds." in done.err
    assert len(market.store.answered("PUT", 403)) >= 3
    assert len(market.store.answered("PUT")) == PARTS
    assert_whole(big_file)


def test_a_part_that_arrives_changed_is_sent_again(market: Market, big_file: Path) -> None:
    spoiled: list[bytes] = []

    def spoil(body: bytes) -> bytes:
        if len(spoiled) == 2:
            return body
        spoiled.append(body)
        return body[:-1] + bytes([body[-1] ^ 1])

    market.store.change = spoil
    done = market.command.upload(big_file)
    assert done.status == 0, done.err
    assert len(market.store.answered("PUT", 400)) == 2
    assert_whole(big_file)


def test_a_network_that_spoils_everything_is_named(market: Market, tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("one\n", encoding="utf-8")
    market.store.change = lambda body: body.upper()
    done = market.command.upload(path)
    assert done.status == 5
    assert done.complaint == "collective: Part 1 of “notes.txt” arrives changed each time. Try another network."
    assert Upload.objects.get().state == "open"


def test_a_file_that_changes_meanwhile_is_not_stored(market: Market, big_file: Path) -> None:
    market.store.most_puts = 2
    process = market.command.start(big_file)
    assert held(market.store, passed=2)
    with big_file.open("ab") as file:
        file.write(b"more")
    market.store.open_again()
    market.store.drop_held()
    done = finished(process)
    assert done.status == 5
    assert done.complaint == (
        f"collective: {big_file} changed while it was sent. Wait until nothing writes to it and run again."
    )
    assert Upload.objects.get().state == "aborted"


def test_a_file_that_goes_away_meanwhile_is_named(market: Market, big_file: Path) -> None:
    market.store.most_puts = 2
    process = market.command.start(big_file)
    assert held(market.store, passed=2)
    big_file.unlink()
    market.store.open_again()
    market.store.drop_held()
    done = finished(process)
    assert done.status == 5
    assert done.complaint.startswith(f"collective: {big_file} ")


def _cut_after(wire: Wire, passed: Passed, *, puts: int) -> None:
    wire.cut = wire.cut or (passed.method == "PUT" and len(wire.answered("PUT")) >= puts)
