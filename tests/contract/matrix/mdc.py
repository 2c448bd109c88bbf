"""Routes for Mozilla Data Collective's SDK. They know keys only, so a session counts for nothing: all are strangers.

What a key opens is tested in `tests/integration/mdc/`.
"""

from typing import Any

from collective.core.ids import new_id
from tests.contract.matrix import Row, everybody
from tests.contract.matrix.world import World


def listed(world: World) -> dict[str, Any]:
    return {"name": str(world.version.dataset_id)}


def by_name(world: World) -> dict[str, Any]:
    return {"name": world.version.dataset.repo_id}


def hidden(world: World) -> dict[str, Any]:
    return {"name": "{organization}/{slug}".format(**world.draft_dataset_path)}


def unknown(_world: World) -> dict[str, Any]:
    return {"name": str(new_id())}


def upload(_world: World) -> dict[str, Any]:
    return {"upload_id": new_id()}


def part(world: World) -> dict[str, Any]:
    return {**upload(world), "number": 1}


def sample(world: World) -> dict[str, Any]:
    return {**unknown(world), **upload(world)}


def sample_part(world: World) -> dict[str, Any]:
    return {**sample(world), "number": 1}


def nothing(_world: World) -> dict[str, Any]:
    return {}


def elsewhere(_world: World) -> dict[str, Any]:
    return {"rest": "submissions/"}


ROWS = [
    Row("mdc:datasets", "GET", **everybody(200)),
    Row("mdc:filters", "GET", **everybody(200)),
    Row("mdc:details", "GET", path=listed, **everybody(200)),
    Row("mdc:details", "GET", path=by_name, **everybody(200)),
    Row("mdc:details", "GET", path=hidden, **everybody(404)),
    Row("mdc:details", "GET", path=unknown, **everybody(404)),
    Row("mdc:schema", "GET", path=listed, **everybody(200)),
    Row("mdc:schema", "GET", path=hidden, **everybody(404)),
    Row("mdc:download", "POST", path=listed, body=nothing, **everybody(401)),
    Row("mdc:download", "POST", path=unknown, body=nothing, **everybody(404)),
    Row("mdc:sample-download", "POST", path=listed, body=nothing, **everybody(401)),
    Row("mdc:submissions", "POST", body=nothing, **everybody(401)),
    Row("mdc:submission", "PATCH", path=unknown, body=nothing, **everybody(401)),
    Row("mdc:submission", "POST", path=unknown, body=nothing, **everybody(401)),
    Row("mdc:submission", "DELETE", path=unknown, **everybody(401)),
    Row("mdc:samples", "POST", path=unknown, body=nothing, **everybody(401)),
    Row("mdc:sample", "POST", path=sample, body=nothing, **everybody(401)),
    Row("mdc:sample-part", "GET", path=sample_part, **everybody(401)),
    Row("mdc:uploads", "POST", body=nothing, **everybody(401)),
    Row("mdc:upload", "POST", path=upload, body=nothing, **everybody(401)),
    Row("mdc:part", "GET", path=part, **everybody(401)),
    Row("mdc:nothing-here", "GET", path=elsewhere, **everybody(404)),
    Row("mdc:nothing-here", "POST", path=elsewhere, **everybody(404)),
]
