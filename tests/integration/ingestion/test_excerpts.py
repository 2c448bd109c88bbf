"""The few clips and thumbnails that a version shows to everybody: made at sealing, gone with a withdrawal."""

import io
import wave
import zipfile
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import pytest
import soundfile
from django.test import Client
from django.utils import timezone
from PIL import Image

from collective.catalog.models import Contribution, Dataset, DatasetVersion
from collective.catalog.services import list_dataset, take_back
from collective.core.storage import published
from collective.core.storage.errors import ObjectNotFoundError
from ingestion.domain.splitting import Layout, SplitRule
from ingestion.invariants import excerpts_match_their_objects, withdrawn_bytes_are_gone
from ingestion.models import Excerpt
from ingestion.services import set_layout
from ingestion.services.excerpting import EXCERPTS
from licensing.errors import OwnershipDisputedError
from licensing.services import Claimed, file_claim, reject_claim, review_claim, uphold_claim
from tests.factories import DatasetFactory, UserFactory
from tests.integration.ingestion.flow import accepted, published_version, steward_of
from tests.services.jobs import run_all_jobs

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("store")]
RATE = 8_000


def wav(seconds: int, level: int = 1000) -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as clip:
        clip.setnchannels(2)
        clip.setsampwidth(2)
        clip.setframerate(RATE)
        clip.writeframes(level.to_bytes(2, "little") * 2 * RATE * seconds)
    return out.getvalue()


def photo() -> bytes:
    """A JPEG that says where it was taken, and is to be turned by a quarter."""
    out, exif = io.BytesIO(), Image.Exif()
    exif[0x0112] = 6
    exif[0x010E] = "taken at home"
    Image.new("RGB", (600, 300), "#305060").save(out, "JPEG", exif=exif)
    return out.getvalue()


def zipped(members: Iterable[tuple[str, bytes]]) -> bytes:
    """A folder of media as `datasets` expects it."""
    out, names = io.BytesIO(), ["file_name"]
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in members:
            archive.writestr(name, content)
            names.append(name)
        archive.writestr("metadata.csv", "\n".join(names))
    return out.getvalue()


@pytest.fixture
def dataset() -> Dataset:
    made: Dataset = DatasetFactory.create(modality="audio", slug="clips", visibility="public")
    return list_dataset(actor=steward_of(made), dataset_id=made.pk)


def samples(version: DatasetVersion, column: str) -> list[dict[str, Any]]:
    return [record[column]["sample"] for record in version.preview if "sample" in record[column]]


def address(version: DatasetVersion, sha256: str) -> str:
    return f"/datasets/{version.dataset.repo_id}/previews/{version.number}/{sha256}"


def test_a_layout_that_spreads_recordings_hides_none_of_them(dataset: Dataset) -> None:
    accepted(dataset, ("clips.zip", zipped([(f"{level}.wav", wav(1, level)) for level in range(100, 112)])))
    set_layout(actor=steward_of(dataset), dataset_id=dataset.pk, layout=Layout(SplitRule("hash", "", (50, 0, 50))))
    version = published_version(dataset)
    assert len({file.split for file in version.files.filter(kind="data")}) == 2
    assert len(samples(version, "audio")) == EXCERPTS


def test_a_recording_is_heard_for_ten_seconds(dataset: Dataset, client: Client) -> None:
    accepted(dataset, ("clips.zip", zipped([("long.wav", wav(12)), ("short.wav", wav(1))])))
    version = published_version(dataset)
    shown = samples(version, "audio")
    assert [each["media_type"] for each in shown] == ["audio/flac", "audio/flac"]
    lengths = []
    for each in shown:
        answer = client.get(address(version, each["sha256"]))
        content = answer.getvalue()
        assert (answer.status_code, len(content)) == (200, each["size"])
        assert answer["Content-Type"] == "audio/flac"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Content-Disposition"] == "inline"
        assert answer["Cache-Control"] == "private, no-cache"
        sound = soundfile.SoundFile(io.BytesIO(content))
        assert (sound.samplerate, sound.channels) == (RATE, 1)
        lengths.append(sound.frames / RATE)
    assert sorted(lengths) == [1.0, 10.0]
    page = client.get(f"/datasets/{dataset.repo_id}/").content.decode()
    assert page.count("<audio ") == 2
    assert address(version, shown[0]["sha256"]) in page


def test_what_somebody_else_owns_is_not_shown(dataset: Dataset, client: Client) -> None:
    """Neither the clip nor the rows beside it, from the commit of the decision on; the publisher still sees them."""
    part = accepted(dataset, ("clips.zip", zipped([("long.wav", wav(12))])))
    version = published_version(dataset)
    (sample,) = samples(version, "audio")
    page, clip = f"/datasets/{dataset.repo_id}/", address(version, sample["sha256"])
    assert client.get(clip).status_code == 200
    claimed = Claimed("Ada", "ada@example.org", "All.", "I made it.", "A contract.")
    operator = UserFactory.create(is_staff=True)
    claim = file_claim(actor=UserFactory.create(), dataset_id=dataset.pk, claimed=claimed, contribution_id=part.pk)
    review_claim(actor=operator, claim_id=claim.pk)
    uphold_claim(actor=operator, claim_id=claim.pk, reason="theirs")
    refused = client.get(clip)
    shown = client.get(page).content.decode()
    assert refused.status_code == 409
    assert clip not in shown
    assert OwnershipDisputedError.text in shown
    client.force_login(steward_of(dataset))
    assert client.get(clip).status_code == 200
    reject_claim(actor=operator, claim_id=claim.pk, reason="no proof")
    client.logout()
    assert client.get(clip).status_code == 200
    assert clip in client.get(page).content.decode()


def test_a_picture_is_small_upright_and_says_nothing_of_its_own(dataset: Dataset, client: Client) -> None:
    accepted(dataset, ("pictures.zip", zipped([("photo.jpg", photo())])))
    version = published_version(dataset)
    (sample,) = samples(version, "image")
    assert sample["media_type"] == "image/png"
    content = client.get(address(version, sample["sha256"])).getvalue()
    assert b"taken at home" not in content
    with Image.open(io.BytesIO(content)) as picture:
        assert (picture.format, picture.size) == ("PNG", (128, 256))
        assert picture.info == {"Comment": version.preview[0]["record_id"]}
    assert 'class="thumb"' in client.get(f"/datasets/{dataset.repo_id}/").content.decode()


def test_five_at_most_and_none_for_texts(dataset: Dataset) -> None:
    accepted(dataset, ("clips.zip", zipped((f"{number}.wav", wav(1, number)) for number in range(8))))
    assert len(samples(published_version(dataset), "audio")) == 5
    texts: Dataset = DatasetFactory.create()
    accepted(texts, ("lines.jsonl", b'{"text": "one"}\n'))
    published_version(texts)
    assert Excerpt.objects.filter(version__dataset=texts).count() == 0


def test_equal_recordings_of_two_people_are_two_objects(dataset: Dataset) -> None:
    for title in ("Ama", "Kofi"):
        accepted(dataset, ("clips.zip", zipped([("one.wav", wav(1))])), title=title)
    shown = samples(published_version(dataset), "audio")
    assert len({each["sha256"] for each in shown}) == 2


def test_only_what_the_preview_shows_is_served(dataset: Dataset, client: Client) -> None:
    """A record may claim to be a sample; the objects of the store stay closed."""
    accepted(dataset, ("one.jsonl", b'{"text": "one"}\n'))
    first = published_version(dataset)
    secret = first.files.get(kind="data").sha256
    claim = f'{{"text": "two", "audio": {{"sample": {{"sha256": "{secret}", "media_type": "image/png"}}}}}}\n'
    accepted(dataset, ("two.jsonl", claim.encode()))
    version = published_version(dataset)
    assert any((record["audio"] or {}).get("sample") for record in version.preview)
    assert client.get(address(version, secret)).status_code == 404
    assert client.get(address(version, "0" * 64)).status_code == 404


def test_hidden_datasets_hide_their_excerpts(dataset: Dataset, client: Client) -> None:
    accepted(dataset, ("clips.zip", zipped([("one.wav", wav(1))])))
    version = published_version(dataset)
    (sample,) = samples(version, "audio")
    Dataset.objects.filter(pk=dataset.pk).update(visibility="private")
    assert client.get(address(version, sample["sha256"])).status_code == 404
    client.force_login(steward_of(dataset))
    assert client.get(address(version, sample["sha256"])).status_code == 200


def test_a_withdrawal_takes_the_excerpts_away(dataset: Dataset, client: Client) -> None:
    staying = accepted(dataset, ("clips.zip", zipped([("one.wav", wav(1, 7))])), title="staying")
    leaving = accepted(dataset, ("clips.zip", zipped([("two.wav", wav(1, 9))])), title="leaving")
    version = published_version(dataset)
    gone, kept = excerpt_of(version, leaving), excerpt_of(version, staying)
    assert list(excerpts_match_their_objects()) == []
    take_back(actor=leaving.contributor, contribution_id=leaving.pk)
    assert client.get(address(version, gone)).status_code == 410
    run_all_jobs()
    with pytest.raises(ObjectNotFoundError):
        published().info(gone)
    assert client.get(address(version, kept)).status_code == 410
    patch = DatasetVersion.objects.get(dataset=dataset, patch=1)
    assert client.get(address(patch, gone)).status_code == 404
    assert [each["sha256"] for each in samples(patch, "audio")] == [kept]
    assert client.get(address(patch, kept)).status_code == 200
    Contribution.objects.filter(pk=leaving.pk).update(withdrawn_at=timezone.now() - timedelta(hours=1))
    assert list(withdrawn_bytes_are_gone()) == []
    assert list(excerpts_match_their_objects()) == []


def test_the_auditor_sees_an_excerpt_that_is_missing_or_stays(dataset: Dataset) -> None:
    leaving = accepted(dataset, ("clips.zip", zipped([("one.wav", wav(1))])))
    version = published_version(dataset)
    sha256 = excerpt_of(version, leaving)
    published().delete(sha256)
    assert list(excerpts_match_their_objects()) == [f"object {sha256[:12]} is missing"]


def excerpt_of(version: DatasetVersion, contribution: Contribution) -> str:
    return Excerpt.objects.get(version=version, contribution=contribution).sha256
