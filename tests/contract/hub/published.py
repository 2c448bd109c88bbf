"""A published dataset, built without the pipeline: real Parquet in the store, rows sealed by the catalog's service."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from django.utils import timezone

from collective.accounts.models import ApiKey, Organization, User
from collective.accounts.services import create_api_key
from collective.catalog.models import Contribution, Dataset, DatasetVersion, Shard, ShardSegment
from collective.catalog.services.versions import Seal, SealedFile, open_version, seal_version
from collective.core.storage import published
from tests.factories import ContributionFactory, DatasetFactory, OrganizationFactory, UserFactory

README = """---
license: other
configs:
- config_name: {config}
  default: true
  data_files:
  - {{split: train, path: {config}/train-*.parquet}}
dataset_info:
- config_name: {config}
  features:
  - {{name: text, dtype: string}}
  - {{name: label, dtype: int64}}
---
# Greetings
"""


@dataclass(frozen=True)
class Person:
    user: User
    organization: Organization


@dataclass(frozen=True)
class World:
    steward: Person
    dataset: Dataset
    contribution: Contribution

    @property
    def repo_id(self) -> str:
        return self.dataset.repo_id


def person(name: str) -> Person:
    """Signed up, with the personal organization that everybody has."""
    user = UserFactory(name=name.title(), email=f"{name}@example.org")
    return Person(user, user.personal_organization)


def key_for(who: Person, *scopes: str) -> tuple[ApiKey, str]:
    return create_api_key(actor=who.user, name="laptop", scopes=list(scopes or ("datasets:read", "download")))


def make_dataset(*, slug: str = "greetings", records: int = 40) -> World:
    """Listed, public, with one accepted contribution and nothing published."""
    steward = person("amara")
    acme = OrganizationFactory(slug="acme", name="Acme Speech", owner=steward.user)
    dataset = DatasetFactory(
        organization=acme,
        steward=steward.user,
        slug=slug,
        title="Greetings — مرحبا",
        summary="Short greetings in two languages.",
        task="text-classification",
        languages=["ar", "en"],
        state="listed",
    )
    contribution = ContributionFactory(
        dataset=dataset,
        contributor=steward.user,
        state="accepted",
        decided_at=timezone.now(),
        record_count=records,
        rights_declared_at=timezone.now(),
    )
    return World(steward, dataset, contribution)


def publish(world: World, folder: Path, *, shards: int = 4, rows: int = 10, config: str = "en") -> DatasetVersion:
    """The next version: `shards` files of `rows` rows, a card, a Croissant file and a manifest."""
    version = open_version(actor=world.steward.user, dataset_id=world.dataset.pk, notes="A batch of greetings.")
    names = [f"{config}/train-{index:05d}-of-{shards:05d}.parquet" for index in range(shards)]
    data = [_shard(world, folder, index, rows, name, version.number) for index, name in enumerate(names)]
    card = _text_file(folder, "README.md", "card", README.format(config=config) + f"Version {version.number}.\n")
    croissant = _text_file(folder, "croissant.json", "croissant", json.dumps({"name": world.dataset.slug}))
    commit = _commit([*data, card, croissant])
    listing = {"version": version.number, "commit": commit, "files": [[each.path, each.sha256] for each in data]}
    manifest = _text_file(folder, "manifest.json", "manifest", json.dumps(listing))
    return seal_version(
        version_id=version.pk,
        seal=Seal(
            files=[*data, card, croissant, manifest],
            rows={world.contribution.pk: rows * shards},
            commit_id=commit,
            manifest_sha256=manifest.sha256,
            merkle_root=hashlib.sha256(commit.encode()).hexdigest(),
            columns=[{"name": "text", "dtype": "string"}, {"name": "label", "dtype": "int64"}],
            statistics={},
        ),
    )


def greeting(number: str, index: int) -> str:
    return f"hello {index} from {number} – مرحبا"


def _shard(world: World, folder: Path, index: int, rows: int, name: str, number: str) -> SealedFile:
    first = index * rows
    table = pa.table(
        {
            "text": [greeting(number, first + row) for row in range(rows)],
            "label": pa.array([(first + row) % 2 for row in range(rows)], pa.int64()),
        }
    )
    path = folder / f"{number}-{index}.parquet"
    pq.write_table(table, path, compression="zstd", write_page_index=True, row_group_size=max(1, rows // 2))
    sealed = _store(path, name, "data", config=name.partition("/")[0], split="train")
    shard = Shard.objects.create(sha256=sealed.sha256, size=sealed.size, rows=rows, row_groups=2)
    ShardSegment.objects.create(
        shard=shard,
        position=0,
        contribution=world.contribution,
        prepared_sha256=sealed.sha256,
        first_row=first,
        rows=rows,
    )
    return sealed


def _text_file(folder: Path, name: str, kind: Any, text: str) -> SealedFile:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return _store(path, name, kind)


def _store(path: Path, name: str, kind: Any, **placed: str) -> SealedFile:
    content = path.read_bytes()
    sha256 = hashlib.sha256(content).hexdigest()
    git_sha1 = hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()
    published().put(path, sha256=sha256)
    return SealedFile(name, kind, sha256, git_sha1, len(content), **placed)


def _commit(files: list[SealedFile]) -> str:
    pairs = "\n".join(sorted(f"{each.path}:{each.sha256}" for each in files))
    return hashlib.sha1(pairs.encode(), usedforsecurity=False).hexdigest()
