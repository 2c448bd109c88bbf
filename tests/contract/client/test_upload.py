"""What arrives: every byte, under its name, compared on both sides."""

import hashlib
import os
import pty
import re
import termios
from pathlib import Path

import pytest

from collective.catalog.models import Contribution
from ingestion.models import Upload
from tests.contract.client.command import finished
from tests.contract.client.conftest import FILE_BYTES, MakeMarket, Market
from tests.services.stores import LOCAL, MOTO, RCLONE

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("worker")]


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.parametrize("engine", [LOCAL, MOTO, RCLONE])
def test_a_large_file_travels_in_parts(market_on: MakeMarket, engine: str, big_file: Path) -> None:
    market = market_on(engine)
    done = market.command.upload(big_file, "--title", "Market conversations")
    assert done.status == 0, done.err

    upload = Upload.objects.get()
    assert (upload.name, upload.size, upload.state) == ("conversations.jsonl", FILE_BYTES, "stored")
    assert upload.sha256 == sha256(big_file)
    contribution = Contribution.objects.get()
    assert (contribution.title, contribution.state, contribution.contributor) == (
        "Market conversations",
        "draft",
        market.contributor,
    )
    page = f"{market.site.url}/contributions/{contribution.pk}/"
    assert done.out.splitlines()[1:] == [
        f"{upload.sha256}  {'23 MB':>5}  conversations.jsonl",
        "",
        "1 file is stored (23 MB); every SHA-256 is the same on both sides.",
        f"Next: say where the data comes from and what it may be used for, and submit, at {page}",
    ]
    assert len(market.store.answered("PUT")) == 5


@pytest.mark.parametrize("engine", [LOCAL, RCLONE])
def test_three_hundred_clips_need_a_handful_of_requests(market_on: MakeMarket, engine: str, clips: Path) -> None:
    market = market_on(engine)
    done = market.command.upload(clips)
    assert done.status == 0, done.err

    stored = dict(Upload.objects.filter(state="stored").values_list("name", "sha256"))
    here = {str(path.relative_to(clips)): sha256(path) for path in clips.rglob("*") if path.is_file()}
    assert stored == here
    assert Contribution.objects.get().title == "recordings"
    assert len(market.store.answered("PUT")) == 301
    assert "301 files are stored" in done.out
    posts = [each for each in market.site.passed if each.method == "POST"]
    assert len(posts) == 1 + 2 * 2  # the contribution, and two lists begun and completed


def test_again_is_nothing_new(market: Market, clips: Path, big_file: Path) -> None:
    big_file.rename(clips / big_file.name)
    first = market.command.upload(clips)
    market.store.open_again()
    second = market.command.upload(clips)
    assert (first.status, second.status) == (0, 0), second.err
    assert second.out == first.out
    assert market.store.answered("PUT") == []
    assert Contribution.objects.count() == 1
    assert Upload.objects.count() == 302


def test_a_file_that_changed_takes_the_place_of_the_one_before(market: Market, tmp_path: Path) -> None:
    path = tmp_path / "notes.jsonl"
    for text in ('{"text": "one"}\n', '{"text": "two"}\n'):
        path.write_text(text, encoding="utf-8")
        assert market.command.upload(path).status == 0
    assert Upload.objects.get(state="stored").sha256 == sha256(path)
    assert Upload.objects.filter(state="removed").count() == 1


def test_an_empty_file_is_sent_and_told(market: Market, tmp_path: Path) -> None:
    path = tmp_path / "empty.jsonl"
    path.touch()
    done = market.command.upload(path)
    assert done.status == 0, done.err
    assert f"Empty, which the site's check will tell: 1, the first is {path}." in done.err
    assert Upload.objects.get().sha256 == hashlib.sha256(b"").hexdigest()
    assert market.store.answered("PUT") == []


def test_names_in_every_script_and_what_is_left_out(market: Market, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    for name in ("አማርኛ/ንግግር.txt", "日本語.txt", "a\u202eb.txt", ".hidden/secret", ".env"):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name, encoding="utf-8")
    (folder / "link").symlink_to("/etc/hostname")
    done = market.command.upload(folder)
    assert done.status == 0, done.err
    assert "Left out, because they are hidden or links: 3." in done.err
    assert set(Upload.objects.values_list("name", flat=True)) == {"አማርኛ/ንግግር.txt", "日本語.txt", "ab.txt"}
    assert "\u202e" not in done.out


def test_a_contribution_can_be_named(market: Market, tmp_path: Path) -> None:
    for name in ("one.txt", "two.txt"):
        (tmp_path / name).write_text(name, encoding="utf-8")
    assert market.command.upload(tmp_path / "one.txt", "--title", "Mine").status == 0
    contribution = Contribution.objects.get()
    done = market.command.upload(tmp_path / "two.txt", "--contribution", str(contribution.pk))
    assert done.status == 0, done.err
    assert contribution.uploads.filter(state="stored").count() == 2


def test_a_terminal_sees_bytes_rate_and_time_left(market: Market, big_file: Path) -> None:
    """Through a pseudo-terminal: the bar shows itself to people only."""
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (24, 100))
    process = market.command.start(big_file, stderr=theirs)
    os.close(theirs)
    shown = _read_all(ours)
    assert finished(process).status == 0
    assert re.search(r"100%\|█+\| 23\.1M/23\.1M \[\d\d:\d\d<00:00, [\d.]+[kM]?B/s\]", shown), shown


def _read_all(terminal: int) -> str:
    """Until the other side is closed, which a terminal tells as an error."""
    shown = b""
    with os.fdopen(terminal, "rb", buffering=0) as stream:
        while True:
            try:
                shown += stream.read(65536)
            except OSError:
                return shown.decode()
