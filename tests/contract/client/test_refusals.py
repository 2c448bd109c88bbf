"""Each thing that cannot be is one sentence that says what to do, and an exit status of its own."""

import ctypes
from dataclasses import replace
from pathlib import Path

import pytest
from pytest_django import Settings

from collective.catalog.models import Contribution
from ingestion.models import Upload
from tests.contract.client.conftest import Market
from tests.contract.hub.published import key_for
from tests.factories import ContributionFactory, UserFactory
from tests.services.clamd import EICAR, NAME
from tests.services.ports import free_port

pytestmark = pytest.mark.command
PR_CAPBSET_DROP, CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH = 24, 1, 2


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    path = tmp_path / "notes.jsonl"
    path.write_text('{"text": "one"}\n', encoding="utf-8")
    return path


def test_a_wrong_key(market: Market, notes: Path) -> None:
    wrong = market.command.key[:-8] + "00000000"
    done = replace(market.command, key=wrong).upload(notes)
    assert done.status == 3
    assert done.complaint.endswith(f"Keys are made at {market.site.url}/account/keys/.")
    assert not Contribution.objects.exists()


@pytest.mark.parametrize("token", ["hf_abcdefghij", "dck_live_short", "dck_live_\nX"])
def test_somebody_elses_token_is_not_sent(market: Market, notes: Path, token: str) -> None:
    done = replace(market.command, key="", environment={"HF_TOKEN": token}).upload(notes)
    assert done.status == 2
    assert "The key is not one of Data Collective: those begin with “dck_live_”." in done.err
    assert market.site.passed == []


def test_a_key_without_the_scope(market: Market, notes: Path) -> None:
    done = replace(market.command, key=key_for(market.contributor, "datasets:read")).upload(notes)
    assert done.status == 3
    assert done.complaint == (
        "collective: This key does not have the scope upload. Make one that has it. "
        f"Keys are made at {market.site.url}/account/keys/."
    )


def test_no_key_and_no_site(market: Market, notes: Path) -> None:
    without_key = replace(market.command, key="").upload(notes)
    assert (without_key.status, market.site.passed) == (2, [])
    assert f"Make one at {market.site.url}/account/keys/" in without_key.complaint
    without_site = replace(market.command, site="").upload(notes)
    assert without_site.status == 2
    assert without_site.complaint.startswith("collective: Which site? Name it with --site")


def test_a_key_from_a_file_and_the_names_of_the_hub(market: Market, notes: Path, tmp_path: Path) -> None:
    """Wrong dataset, so that nothing is sent: what counts is that site and key were found."""
    file = tmp_path / "key"
    file.write_text(market.command.key + "\n", encoding="utf-8")
    command = replace(market.command, key="", site="", dataset="acme/nothing")
    from_file = replace(command, environment={"HF_ENDPOINT": market.site.url}).upload(notes, "--key-file", str(file))
    from_names = replace(command, environment={"HF_TOKEN": market.command.key}).upload(notes, "--site", market.site.url)
    for done in (from_file, from_names):
        assert (done.status, "dataset" in done.complaint) == (3, True), done.err
    absent = command.upload(notes, "--site", market.site.url, "--key-file", str(tmp_path / "absent"))
    assert (absent.status, "cannot be read" in absent.complaint) == (2, True)


def test_a_site_that_is_not_there(market: Market, notes: Path) -> None:
    done = market.command.upload(notes, "--site", f"http://127.0.0.1:{free_port()}", "--patience", "1")
    assert done.status == 4
    assert done.complaint.endswith("cannot be reached. Check the address of the site (--site) and your network.")


def test_an_address_that_is_no_site(market: Market, notes: Path) -> None:
    done = market.command.upload(notes, "--site", f"{market.site.url}/account/login")
    assert done.status == 3
    assert done.complaint.endswith(
        "does not answer as a Data Collective site does. Check --site, or install a newer version of this command."
    )


def test_an_answer_that_is_not_understood(market: Market, notes: Path) -> None:
    """JSON, and a status of 200, but of another program."""
    market.site.answer = b"[]"
    done = market.command.upload(notes)
    assert done.status == 3
    assert done.complaint.endswith("or install a newer version of this command.")


def test_a_dataset_that_takes_nothing(market: Market, notes: Path) -> None:
    market.dataset.open_to_contributions = False
    market.dataset.save()
    done = market.command.upload(notes)
    assert (done.status, done.complaint[:12]) == (3, "collective: ")
    assert not Contribution.objects.exists()


def test_a_contribution_that_is_not_ones_own_or_elsewhere(market: Market, notes: Path) -> None:
    others = ContributionFactory(dataset=market.dataset, contributor=UserFactory())
    done = market.command.upload(notes, "--contribution", str(others.pk))
    assert done.status == 3
    elsewhere = ContributionFactory(contributor=market.contributor)
    done = market.command.upload(notes, "--contribution", str(elsewhere.pk))
    assert (done.status, "not to acme/voices" in done.complaint) == (2, True)
    done = market.command.upload(notes, "--contribution", "latest")
    assert (done.status, "is not the id of a contribution" in done.complaint) == (2, True)
    assert not Upload.objects.exists()


def test_a_contribution_that_was_handed_in(market: Market, notes: Path) -> None:
    mine = ContributionFactory(dataset=market.dataset, contributor=market.contributor, state="submitted")
    done = market.command.upload(notes, "--contribution", str(mine.pk))
    assert done.status == 3
    assert "Its files can change only while it is a draft or needs changes." in done.complaint


def test_what_is_not_there_or_holds_nothing(market: Market, tmp_path: Path) -> None:
    done = market.command.upload(tmp_path / "absent")
    assert (done.status, done.complaint) == (
        2,
        f"collective: There is no file or folder {tmp_path / 'absent'}. Check the name.",
    )
    (tmp_path / ".only-hidden").touch()
    done = market.command.upload(tmp_path)
    assert done.status == 2
    assert done.complaint.endswith("Hidden files and links are left out.")
    assert market.site.passed == []


def test_a_file_that_cannot_be_read(market: Market, notes: Path) -> None:
    notes.chmod(0)
    done = market.command.upload(notes, preexec_fn=as_anybody)
    assert done.status == 2
    assert done.complaint == f"collective: {notes} cannot be read. Check its permissions; nothing was sent."
    assert market.site.passed == []


def as_anybody() -> None:
    """Permissions of files count, even where tests run as root: the process loses what lets root pass them."""
    for capability in (CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH):
        ctypes.CDLL(None).prctl(PR_CAPBSET_DROP, capability, 0, 0, 0)


@pytest.mark.parametrize("names", [("Notes.txt", "notes.txt"), ("caf\u00e9.txt", "cafe\u0301.txt")])
def test_names_that_the_site_cannot_tell_apart(market: Market, tmp_path: Path, names: tuple[str, str]) -> None:
    for name in names:
        (tmp_path / name).write_text(name, encoding="utf-8")
    done = market.command.upload(tmp_path)
    assert done.status == 2
    assert done.complaint.endswith("would have the same name on the site. Rename one; nothing was sent.")
    assert market.site.passed == []


def test_a_twin_of_what_is_stored_already(market: Market, worker: None, tmp_path: Path) -> None:
    for folder, name in (("one", "Notes.txt"), ("two", "notes.txt")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / name).write_text(name, encoding="utf-8")
    assert market.command.upload(tmp_path / "one", "--title", "Mine").status == 0
    done = market.command.upload(tmp_path / "two", "--title", "Mine")
    assert done.status == 3
    assert "“notes.txt” is too close to “Notes.txt”" in done.complaint


@pytest.mark.usefixtures("worker")
@pytest.mark.parametrize("part_bytes", [5 * 1024 * 1024, 60])
def test_a_file_in_which_the_scanner_finds_something(
    market: Market, tmp_path: Path, clamd: str, settings: Settings, part_bytes: int
) -> None:
    """In a batch, or in parts. The others are stored, and the next run goes on without it."""
    settings.SCANNER, settings.UPLOAD_PART_BYTES = clamd, part_bytes
    folder = tmp_path / "texts"
    folder.mkdir()
    (folder / "good.txt").write_text("habari ya asubuhi", encoding="utf-8")
    (folder / "bad.txt").write_bytes(EICAR)
    done = market.command.upload(folder)
    assert (done.status, done.out) == (3, "")
    assert done.complaint == (
        f"collective: “bad.txt” is not taken. The malware scanner found “{NAME}” in this file. "
        "Look after this computer, take the file out of what you send, and run the command again."
    )
    assert dict(Upload.objects.values_list("name", "state")) == {"bad.txt": "aborted", "good.txt": "stored"}

    (folder / "bad.txt").unlink()
    assert market.command.upload(folder).status == 0
    assert Upload.objects.count() == 2


def test_wrong_use(market: Market, notes: Path) -> None:
    for options in (["--parallel", "99"], ["--title", "A", "--contribution", "B"], ["--dataset", "acme"]):
        done = market.command.upload(notes, *options)
        assert done.status == 2
    assert not Contribution.objects.exists()
