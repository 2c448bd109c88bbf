"""A dataset on sale, with real Parquet in the store: the world of licensing, and files that loaders can read."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from collective.accounts.models import User
from collective.accounts.services import create_api_key
from collective.catalog.models import Contribution, Dataset, DatasetVersion, Shard, ShardSegment
from collective.catalog.services import Seal, SealedFile, open_version, seal_version
from collective.catalog.services.versions import Bump
from collective.core.storage import published
from licensing.models import Offer
from tests.factories import DatasetFactory, OrganizationFactory, UserFactory
from tests.integration.licensing import world as licensing_world

CARD = """---
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

Version {number}.
"""
MOST_IN_GROUP = 100_000
# From the first row and their number to two columns, text and label.
Tables = Callable[[int, int], pa.Table]


@dataclass(frozen=True)
class Market:
    """`acme/greetings`: one contribution, one published version, one offer."""

    steward: User
    contributor: User
    dataset: Dataset
    contribution: Contribution
    version: DatasetVersion
    offer: Offer


def open_market(folder: Path, *, shards: int = 4, rows: int = 10, table: Tables | None = None) -> Market:
    """`table` makes the rows of a shard; greetings if nobody does."""
    steward = UserFactory.create(name="Amara")
    contributor = UserFactory.create(name="Chidi")
    dataset = DatasetFactory.create(
        organization=OrganizationFactory.create(slug="acme", name="Acme Speech", owner=steward),
        steward=steward,
        slug="greetings",
        title="Greetings — مرحبا",
        summary="Short greetings in two languages.",
        task="text-classification",
        languages=["ar", "en"],
    )
    contribution = licensing_world.accepted(dataset, contributor, steward)
    version = publish(dataset, steward, contribution, folder, shards=shards, rows=rows, table=table)
    offer = licensing_world.offered(dataset, steward)
    dataset.refresh_from_db()
    return Market(steward, contributor, dataset, contribution, version, offer)


def key_for(user: User, *scopes: str) -> str:
    return create_api_key(actor=user, name="laptop", scopes=list(scopes or ("datasets:read", "download")))[1]


def licensed_buyer(market: Market) -> User:
    buyer: User = UserFactory.create(name="Bela")
    licensing_world.granted(market.offer, market.version, buyer)
    return buyer


def publish(
    dataset: Dataset,
    steward: User,
    contribution: Contribution,
    folder: Path,
    *,
    shards: int = 4,
    rows: int = 10,
    config: str = "en",
    split: str = "train",
    table: Tables | None = None,
    bump: Bump | None = None,
    preview: list[dict[str, Any]] | None = None,
) -> DatasetVersion:
    """The next version: `shards` files of `rows` rows, a card, a Croissant file and a manifest."""
    version = open_version(actor=steward, dataset_id=dataset.pk, notes="A batch of greetings.", bump=bump)
    names = [f"{config}/{split}-{index:05d}-of-{shards:05d}.parquet" for index in range(shards)]
    made = table or _greetings(version.number)
    data = [
        _shard(contribution, folder / f"{version.number}-{index}.parquet", made(index * rows, rows), index * rows, name)
        for index, name in enumerate(names)
    ]
    card = _text_file(folder, "README.md", "card", CARD.format(config=config, number=version.number))
    croissant = _text_file(folder, "croissant.json", "croissant", json.dumps({"name": dataset.slug}))
    commit = _commit([*data, card, croissant])
    listing = {"version": version.number, "commit": commit, "files": [[each.path, each.sha256] for each in data]}
    manifest = _text_file(folder, "manifest.json", "manifest", json.dumps(listing))
    return seal_version(
        version_id=version.pk,
        seal=Seal(
            files=[*data, card, croissant, manifest],
            rows={contribution.pk: rows * shards},
            commit_id=commit,
            manifest_sha256=manifest.sha256,
            merkle_root=hashlib.sha256(commit.encode()).hexdigest(),
            columns=[{"name": "text", "dtype": "string"}, {"name": "label", "dtype": "int64"}],
            statistics={},
            preview=preview or [],
        ),
    )


def greeting(number: str, index: int) -> str:
    return f"hello {index} from {number} – مرحبا"


def _greetings(number: str) -> Tables:
    def table(first: int, rows: int) -> pa.Table:
        texts = [greeting(number, first + row) for row in range(rows)]
        labels = pa.array([(first + row) % 2 for row in range(rows)], pa.int64())
        return pa.table({"text": texts, "label": labels})

    return table


def _shard(contribution: Contribution, path: Path, table: pa.Table, first: int, name: str) -> SealedFile:
    rows = table.num_rows
    group = min(max(1, rows // 2), MOST_IN_GROUP)
    pq.write_table(table, path, compression="zstd", write_page_index=True, row_group_size=group)
    sealed = _store(path, name, "data", config=name.partition("/")[0], split=_split(name))
    shard = Shard.objects.create(sha256=sealed.sha256, size=sealed.size, rows=rows, row_groups=-(-rows // group))
    ShardSegment.objects.create(
        shard=shard,
        position=0,
        contribution=contribution,
        prepared_sha256=sealed.sha256,
        first_row=first,
        rows=rows,
    )
    return sealed


def _split(name: str) -> str:
    return name.partition("/")[2].partition("-")[0]


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
