"""What is published is frozen by the database itself, on both engines (D1)."""

from typing import ClassVar

from django.db import migrations

from collective.core.db.triggers import CreateTriggers, Refusal, append_only

FROZEN = (
    "dataset_id",
    "major",
    "minor",
    "patch",
    "notes",
    "commit_id",
    "manifest_sha256",
    "merkle_root",
    "split_sha256",
    "row_count",
    "byte_count",
    "columns",
    "statistics",
    "preview",
    "published_at",
)
CHANGED = " OR ".join(f'OLD."{column}" <> NEW."{column}"' for column in FROZEN)

GUARDS = [
    Refusal(
        "catalog_datasetversion",
        "UPDATE",
        "a published version never changes",
        f"OLD.published_at IS NOT NULL AND (NEW.published_at IS NULL OR {CHANGED})",
    ),
    Refusal(
        "catalog_datasetversion", "DELETE", "a published version is never removed", "OLD.published_at IS NOT NULL"
    ),
    *append_only("catalog_versionfile"),
    *append_only("catalog_splitshare"),
    *append_only("catalog_versioncontribution"),
    *append_only("catalog_shard"),
    *append_only("catalog_shardsegment"),
]


class Migration(migrations.Migration):
    dependencies: ClassVar = [("catalog", "0001_initial")]
    operations: ClassVar = [CreateTriggers(GUARDS)]
