"""The last step of a build: documents, hashes, statistics, and one transaction that makes the version immutable."""

import hashlib
from collections.abc import Sequence
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from collective.catalog.domain.merkle import MerkleTree, shard_leaf
from collective.catalog.models import DatasetVersion
from collective.catalog.services import Seal, SealedFile, seal_version
from collective.core.states import WrongStateError
from collective.core.storage import published
from ingestion.domain.plan import place_of, rows_of
from ingestion.domain.splitting import Place, shard_paths
from ingestion.models import ShardBuild, VersionBuild
from ingestion.pipeline import documents
from ingestion.pipeline.documents import DataFile, Described
from ingestion.pipeline.preview import spread_by_config
from ingestion.pipeline.schema import columns_of, from_text
from ingestion.pipeline.workspace import work_folder
from ingestion.services.excerpting import with_excerpts
from ingestion.services.figures import figures_of
from ingestion.services.planning import contributions_of, plan_of


def seal(build: VersionBuild) -> None:
    """Write the documents to the store, then seal. A version withdrawn meanwhile stays unpublished."""
    shards = list(build.shards.select_related("shard").order_by("number"))
    schema = from_text(build.arrow_schema)
    places = [place_of(shard) for shard in plan_of(build)]
    data = [_data_file(*each) for each in zip(shards, shard_paths(places), places, strict=True)]
    about = described(build.version, sum(file.rows for file in data))
    texts = {
        "README.md": documents.readme(about, schema, data),
        "croissant.json": documents.croissant(about, schema, data),
    }
    commit, root = documents.commit_id_of(data, texts), _merkle_root(shards)
    shown = _preview(data, shards)
    manifest = documents.manifest(about, commit_id=commit, merkle_root=root, data=data, texts=texts)
    texts["manifest.json"] = manifest
    _store(texts)
    _commit(
        build,
        Seal(
            files=[*_data_files(data), *_text_files(texts)],
            rows=rows_of(plan_of(build)),
            commit_id=commit,
            manifest_sha256=hashlib.sha256(manifest).hexdigest(),
            merkle_root=root,
            columns=columns_of(schema),
            statistics={
                **figures_of(build.version, list(zip(places, shards, strict=True))),
                "preview": _places_of(shown),
            },
            preview=with_excerpts(build, shards, [record for _, record in shown]),
        ),
    )


@transaction.atomic
def _commit(build: VersionBuild, sealed: Seal) -> None:
    try:
        with transaction.atomic():
            seal_version(version_id=build.version_id, seal=sealed)
    except WrongStateError:  # something it holds was withdrawn while it was built: a patch version follows
        build.transition_to("failed")
    else:
        build.transition_to("done")


def _data_file(row: ShardBuild, path: str, place: Place) -> DataFile:
    shard = row.shard
    if shard is None:
        raise ValueError(f"shard {row.number} of build {row.build_id} is not built")
    return DataFile(path, *place, shard.sha256, row.git_sha1, shard.size, shard.rows, shard.row_groups)


def described(version: DatasetVersion, rows: int) -> Described:
    dataset = version.dataset
    licenses = {each.material_license for each in contributions_of(version)}
    return Described(
        repo_id=dataset.repo_id,
        url=f"{settings.SITE_URL}/datasets/{dataset.repo_id}/",
        title=dataset.title,
        summary=dataset.summary,
        card=dataset.card,
        languages=dataset.languages,
        task=dataset.task,
        version=version.number,
        opened_at=version.created_at,
        license=licenses.pop() if len(licenses) == 1 else "",
        rows=rows,
    )


def _merkle_root(shards: Sequence[ShardBuild]) -> str:
    tree = MerkleTree()
    tree.extend(shard_leaf(row.records_root) for row in shards)
    return tree.root()


def _store(texts: dict[str, bytes]) -> None:
    with work_folder() as folder:
        for path, text in texts.items():
            file = Path(folder) / path
            file.write_bytes(text)
            published().put(file, sha256=hashlib.sha256(text).hexdigest())


def _data_files(data: Sequence[DataFile]) -> list[SealedFile]:
    return [
        SealedFile(file.path, "data", file.sha256, file.git_sha1, file.size, file.config, file.split) for file in data
    ]


def _text_files(texts: dict[str, bytes]) -> list[SealedFile]:
    kinds: Any = {"README.md": "card", "croissant.json": "croissant", "manifest.json": "manifest"}
    return [
        SealedFile(path, kinds[path], hashlib.sha256(text).hexdigest(), documents.git_sha1(text), len(text))
        for path, text in texts.items()
    ]


def _preview(data: Sequence[DataFile], shards: Sequence[ShardBuild]) -> list[tuple[Place, dict[str, Any]]]:
    """Records spread over each config, in the version's order, and where each of them lies."""
    placed = [
        (file.config, [((file.config, file.split), record) for record in row.preview])
        for file, row in zip(data, shards, strict=True)
    ]
    return [record for records in spread_by_config(placed).values() for record in records]


def _places_of(shown: Sequence[tuple[Place, dict[str, Any]]]) -> list[dict[str, Any]]:
    """How many records of the preview, in its order, are of which place."""
    runs = ((place, len(list(same))) for place, same in groupby(shown, key=itemgetter(0)))
    return [{"config": config, "split": split, "records": count} for (config, split), count in runs]
