"""Pages of the catalog."""

from typing import Any

from tests.contract.matrix import Row, everybody, only
from tests.contract.matrix.world import World


def new_dataset(world: World) -> dict[str, Any]:
    return {
        "organization": str(world.organization.pk),
        "title": "Evening voices",
        "modality": "text",
        "visibility": "public",
        "steward_percent": "10",
    }


# A page sends somebody who has not signed in to the sign-in page, which is a redirect like that of a done change.
DATASET = {"title": "Other", "modality": "text", "visibility": "public", "steward_percent": "10"}
STEWARD_PAGE = only("steward", 200, others=403, anonymous=302)
STEWARD_DRAFT = only("steward", 200, others=404, anonymous=302)

ROWS = [
    Row("home", "GET", **everybody(200)),
    Row("catalog:list", "GET", **everybody(200)),
    Row("catalog:dataset", "GET", path="dataset_path", **everybody(200)),
    Row("catalog:dataset", "GET", path="draft_dataset_path", **only("steward", 200, others=404)),
    Row("catalog:contributions", "GET", **everybody(200)),
    Row("catalog:style", "GET", **everybody(200)),
    Row("catalog:theme", "POST", body={"theme": "dark", "next": "/"}, **everybody(302)),
    Row("catalog:desk", "GET", **everybody(200, anonymous=302)),
    Row("catalog:new", "GET", **everybody(200, anonymous=302)),
    # The form offers only organizations that one administers, so others get it back with a complaint.
    Row("catalog:new", "POST", body=new_dataset, **only("steward", 302, others=200, anonymous=302)),
    Row("catalog:desk_dataset", "GET", path="dataset_path", **STEWARD_PAGE),
    Row("catalog:desk_dataset", "GET", path="draft_dataset_path", **STEWARD_DRAFT),
    Row("catalog:edit", "GET", path="dataset_path", **STEWARD_PAGE),
    Row("catalog:edit", "POST", path="dataset_path", body=DATASET, **only("steward", 302, others=403, anonymous=302)),
    # Decided already: whoever may decide is told so. Nobody but contributor and stewards knows of it.
    Row(
        "catalog:decide",
        "POST",
        path="contribution_path",
        body={"decision": "accept"},
        **only("steward", 409, others=404, contributor=403, anonymous=302),
    ),
]
