"""Routes of the dataset viewer. They know keys only, so a session counts for nothing and everybody is a stranger.

What a key shows is tested in `tests/integration/viewer`.
"""

from typing import Any

from tests.contract.matrix import Row, everybody
from tests.contract.matrix.world import World

ROUTES = ("is-valid", "splits", "info", "parquet", "size", "first-rows", "rows", "statistics")


def listed(world: World) -> dict[str, Any]:
    return {"dataset": world.dataset.repo_id, "config": "default", "split": "train"}


def elsewhere(_world: World) -> dict[str, Any]:
    return {"rest": "search"}


ROWS = [
    *(Row(f"viewer:{name}", "GET", body=listed, **everybody(200)) for name in ROUTES),
    Row("viewer:nothing-here", "GET", path=elsewhere, **everybody(404)),
]
