"""Routes of the spine."""

from typing import Any

from collective.core.storage.signing import ObjectLink, seal
from tests.contract.matrix import Covered, Row, everybody, only
from tests.contract.matrix.world import World

FAR = 4_000_000_000
OPERATOR = only("operator", 200, others=404)


def object_link(world: World) -> dict[str, Any]:
    return {"token": seal(ObjectLink(world.object_sha256, "a.parquet", FAR))}


ROWS = [
    Row("healthz", "GET", **everybody({200, 503})),
    Row("api-schema", "GET", **everybody(200)),
    # A signed link is a permission by itself: it says nothing about who follows it.
    Row("storage:part", "PUT", body={}, **everybody(403)),
    Row("storage:unhashed", "PUT", body={}, **everybody(403)),
    Row("storage:object", "GET", path={"name": "a.parquet"}, body=object_link, **everybody(200)),
    Row("operator:console", "GET", **OPERATOR),
    Row("operator:retry", "POST", path="dead_job_path", **only("operator", 302, others=404)),
    Row("operator:mail", "GET", **OPERATOR),
    Row("operator:letter", "GET", path={"letter_id": "none"}, **everybody(404)),
    Row("operator:audit", "GET", **OPERATOR),
    Covered("/account/", "django-allauth's own pages: they show a person only what is that person's"),
]
