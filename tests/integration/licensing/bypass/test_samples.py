"""C8 for excerpts: a clip of the public preview needs no license, and ends with what it was cut from."""

import pytest
from django.test import Client

from collective.accounts.models import User
from collective.catalog.models import Contribution, Dataset
from collective.catalog.services import open_version
from licensing.services import withdraw_contribution
from tests.integration.licensing import world

pytestmark = pytest.mark.once

CLIP = b"a clip of ten seconds"


@pytest.fixture
def clip(contribution: Contribution, dataset: Dataset, steward: User) -> str:
    """The address of an excerpt in the preview of version 1.0.0."""
    sha256, size = world.stored(CLIP)
    sample = {"sha256": sha256, "media_type": "audio/flac", "size": size}
    world.seal(
        open_version(actor=steward, dataset_id=dataset.pk),
        columns=[{"name": "audio", "feature": {"_type": "Audio"}}],
        preview=[{"audio": {"sample": sample}}],
    )
    world.offered(dataset, steward)
    address = f"/datasets/{dataset.repo_id}/previews/1.0.0/{sha256}"
    assert Client().get(address).getvalue() == CLIP
    return address


def test_c8_an_excerpt_of_a_dataset_on_hold(clip: str, dataset: Dataset, steward: User) -> None:
    dataset.refresh_from_db()
    dataset.transition_to("quarantined")
    owner = Client()
    owner.force_login(steward)
    answers = [
        Client().get(clip),
        Client().head(clip),
        Client().get(clip, headers={"Range": "bytes=0-3"}),
        owner.get(clip),
    ]
    assert {answer.status_code for answer in answers} == {403}
    assert not any(CLIP in answer.content for answer in answers)


def test_an_excerpt_of_what_was_withdrawn(clip: str, contribution: Contribution, contributor: User) -> None:
    withdraw_contribution(actor=contributor, contribution_id=contribution.pk)
    answer = Client().get(clip)
    assert answer.status_code in {404, 410}
    assert CLIP not in answer.content


def test_an_excerpt_is_found_by_the_preview_and_not_by_its_hash(clip: str, dataset: Dataset) -> None:
    """The objects of the store stay closed: a data file's own hash is no excerpt."""
    data = dataset.versions.get().files.filter(kind="data").order_by("path")[0]
    assert Client().get(clip.replace(clip.rsplit("/", maxsplit=1)[-1], data.sha256)).status_code == 404
