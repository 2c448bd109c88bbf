"""Routes of the catalog's API."""

from typing import Any

from tests.contract.matrix import Row, everybody, only
from tests.contract.matrix.world import World


def new_dataset(world: World) -> dict[str, Any]:
    return {"organization": world.organization.slug, "slug": "another", "title": "Another", "modality": "text"}


def newest(world: World) -> dict[str, Any]:
    return {**world.dataset_path, "revision": "main"}


# Nobody but the contributor and the stewards knows that a contribution exists.
UNKNOWN: dict[str, Any] = {"anonymous": 401, "stranger": 404, "buyer": 404, "operator": 404}

ROWS = [
    Row("catalog-api:datasets", "GET", **everybody(200)),
    Row("catalog-api:datasets", "POST", body=new_dataset, **only("steward", 201, others=404, anonymous=401)),
    Row("catalog-api:dataset", "GET", path="dataset_path", **everybody(200)),
    Row("catalog-api:dataset", "GET", path="draft_dataset_path", **only("steward", 200, others=404)),
    Row(
        "catalog-api:dataset",
        "PATCH",
        path="dataset_path",
        body={"title": "Other"},
        **only("steward", 200, others=403, anonymous=401),
    ),
    Row("catalog-api:revisions", "GET", path="dataset_path", **everybody(200)),
    Row("catalog-api:revisions", "GET", path="draft_dataset_path", **only("steward", 200, others=404)),
    Row("catalog-api:revision", "GET", path=newest, **everybody(200)),
    Row(
        "catalog-api:contribution-start",
        "POST",
        path="dataset_path",
        body={"title": "Mine"},
        **everybody(201, anonymous=401),
    ),
    Row(
        "catalog-api:contribution-start",
        "POST",
        path="draft_dataset_path",
        body={"title": "Mine"},
        **only("steward", 201, others=404, anonymous=401),
    ),
    Row("catalog-api:contributions", "GET", **everybody(200, anonymous=401)),
    Row("catalog-api:contribution", "GET", path="contribution_path", contributor=200, steward=200, **UNKNOWN),
    # Until it is handed in, a draft is the contributor's alone.
    Row("catalog-api:contribution", "GET", path="draft_contribution_path", contributor=200, steward=404, **UNKNOWN),
    Row(
        "catalog-api:contribution-submit",
        "POST",
        path="draft_contribution_path",
        contributor=409,
        steward=404,
        **UNKNOWN,
    ),
    Row("catalog-api:contribution-submit", "POST", path="contribution_path", contributor=409, steward=404, **UNKNOWN),
    # It is accepted already: the steward hears that, the contributor that deciding is not theirs.
    Row("catalog-api:contribution-accept", "POST", path="contribution_path", contributor=403, steward=409, **UNKNOWN),
    Row(
        "catalog-api:contribution-reject",
        "POST",
        path="contribution_path",
        body={"reason": "Silent."},
        contributor=403,
        steward=409,
        **UNKNOWN,
    ),
]
