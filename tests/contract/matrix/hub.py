"""Routes for other people's clients. They know keys only, so a session counts for nothing and everybody is a stranger.

What a key opens is tested in `tests/integration/hub/test_gates.py`.
"""

from typing import Any

from tests.contract.matrix import Row, everybody
from tests.contract.matrix.world import World


def version(world: World) -> dict[str, Any]:
    return {**world.dataset_path, "revision": "main"}


def hidden_version(world: World) -> dict[str, Any]:
    return {**world.draft_dataset_path, "revision": "main"}


def folder(world: World) -> dict[str, Any]:
    data = world.version.files.filter(kind="data").order_by("path")[0]
    return {**version(world), "path": data.path.partition("/")[0]}


def card(world: World) -> dict[str, Any]:
    return {**version(world), "path": "README.md"}


def shard(world: World) -> dict[str, Any]:
    return {**version(world), "path": world.version.files.filter(kind="data").order_by("path")[0].path}


def nameless(_world: World) -> dict[str, Any]:
    return {"name": "weather"}


def nameless_file(_world: World) -> dict[str, Any]:
    return {"name": "weather", "revision": "main", "path": "README.md"}


def model_file(world: World) -> dict[str, Any]:
    return {**nameless_file(world), "owner": "acme"}


def commit_of_draft(world: World) -> dict[str, Any]:
    return {**world.dataset_path, "commit": f"{world.draft_contribution.pk.hex}01234567"}


def pushed_file(world: World) -> dict[str, Any]:
    return {**world.dataset_path, "path": "data/train.parquet"}


def paths(_world: World) -> dict[str, Any]:
    return {"paths": ["README.md"]}


ROWS = [
    Row("hub:whoami", "GET", **everybody(401)),
    Row("hub:datasets", "GET", **everybody(200)),
    Row("hub:no-dataset", "GET", path=nameless, **everybody(401)),
    Row("hub:no-file", "GET", path=nameless_file, **everybody(401)),
    Row("hub:models", "GET", **everybody(401)),
    Row("hub:no-model", "GET", path=nameless, **everybody(401)),
    Row("hub:no-model-file", "GET", path=model_file, **everybody(401)),
    Row("hub:info", "GET", path="dataset_path", **everybody(200)),
    Row("hub:info", "GET", path="draft_dataset_path", **everybody(401)),
    Row("hub:info-revision", "GET", path=version, **everybody(200)),
    Row("hub:info-revision", "GET", path=hidden_version, **everybody(401)),
    Row("hub:tree", "GET", path=version, **everybody(200)),
    Row("hub:tree", "GET", path=hidden_version, **everybody(401)),
    Row("hub:tree-path", "GET", path=folder, **everybody(200)),
    Row("hub:paths-info", "POST", path=version, body=paths, **everybody(200)),
    Row("hub:paths-info", "POST", path=hidden_version, body=paths, **everybody(401)),
    Row("hub:refs", "GET", path="dataset_path", **everybody(200)),
    Row("hub:refs", "GET", path="draft_dataset_path", **everybody(401)),
    Row("hub:commits", "GET", path=version, **everybody(200)),
    Row("hub:auth-check", "GET", path="dataset_path", **everybody(401)),
    Row("hub:resolve", "GET", path=card, **everybody(200)),
    Row("hub:resolve", "GET", path=shard, **everybody(401)),
    # Pushes take a key that may upload; a session is none.
    Row("hub:create", "POST", **everybody(401)),
    Row("hub:validate-card", "POST", **everybody(401)),
    Row("hub:preupload", "POST", path=version, **everybody(401)),
    Row("hub:commit", "POST", path=version, **everybody(401)),
    Row("hub:branch", "POST", path=version, **everybody(401)),
    Row("hub:branch", "DELETE", path=version, **everybody(401)),
    Row("hub:xet", "GET", path=version, **everybody(401)),
    Row("hub:xet-refused", "GET", **everybody(401)),
    Row("hub:lfs-batch", "POST", path="dataset_path", **everybody(401)),
    Row("hub:lfs-verify", "POST", path="dataset_path", **everybody(401)),
    # They only lead on: the pages behind them decide.
    Row("hub:commit-page", "GET", path=commit_of_draft, **everybody(302)),
    Row("hub:file-page", "GET", path=pushed_file, **everybody(302)),
    Row("hub:folder-page", "GET", path=pushed_file, **everybody(302)),
    Row("hub:root-page", "GET", path="dataset_path", **everybody(302)),
]
