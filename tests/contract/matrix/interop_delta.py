"""Routes of Delta Sharing. They know keys only, so a session counts for nothing and everybody is a stranger.

What a key opens is tested in `tests/integration/delta`.
"""

from typing import Any

from tests.contract.matrix import Row, everybody
from tests.contract.matrix.world import World


def share(world: World) -> dict[str, Any]:
    return {"share": world.organization.slug}


def schema(world: World) -> dict[str, Any]:
    return {**share(world), "schema": world.dataset.slug}


def table(world: World) -> dict[str, Any]:
    return {**schema(world), "table": "default-train"}


def elsewhere(_world: World) -> dict[str, Any]:
    return {"rest": "shares/of/nobody"}


ROWS = [
    Row("delta:profile", "GET", **everybody(401)),
    Row("delta:shares", "GET", **everybody(401)),
    Row("delta:schemas", "GET", path=share, **everybody(401)),
    Row("delta:all-tables", "GET", path=share, **everybody(401)),
    Row("delta:tables", "GET", path=schema, **everybody(401)),
    Row("delta:version", "GET", path=table, **everybody(401)),
    Row("delta:metadata", "GET", path=table, **everybody(401)),
    Row("delta:query", "POST", path=table, **everybody(401)),
    Row("delta:nothing-here", "GET", path=elsewhere, **everybody(401)),
    Row("delta:nothing-here", "POST", path=elsewhere, **everybody(401)),
]
