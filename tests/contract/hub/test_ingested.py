"""What the real pipeline publishes, as the real loader reads it: the layout, the card's header and the served bytes."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from pytest_django import Settings

from collective.accounts.models import User
from collective.catalog.models import Dataset
from collective.catalog.services import decide_contribution
from tests.contract.hub.clients import Client
from tests.contract.hub.published import key_for
from tests.factories import ContributionFactory, DatasetFactory, UserFactory
from tests.integration.ingestion.flow import published_version, submitted

pytestmark = pytest.mark.slow
TEXTS = [f"sentence {number} – جملة" for number in range(30)]


@pytest.fixture
def steward(transactional_db: None, settings: Settings, tmp_path: Path) -> User:
    settings.STORAGE_DIR = tmp_path / "objects"
    made: User = UserFactory.create()
    return made


@pytest.fixture
def market(steward: User) -> Dataset:
    dataset: Dataset = DatasetFactory.create(steward=steward, slug="sentences", visibility="public")
    contribution = ContributionFactory.create(dataset=dataset)
    lines = "".join(json.dumps({"text": text}) + "\n" for text in TEXTS)
    submitted(contribution, ("lines.jsonl", lines.encode()))
    decide_contribution(actor=steward, contribution_id=contribution.pk, accept=True)
    published_version(dataset)
    return dataset


@pytest.mark.parametrize("streaming", [False, True])
def test_an_ingested_version_loads(
    market: Dataset, steward: User, client_for: Callable[[str], Client], streaming: bool
) -> None:
    """The steward reads without a license; what licensees get is the same bytes."""
    texts = client_for(key_for(steward)).python(f"""
        from datasets import load_dataset
        loaded = load_dataset("{market.repo_id}", streaming={streaming})
        tell([row["text"] for split in loaded.values() for row in split])
    """)
    assert sorted(texts) == sorted(TEXTS)
