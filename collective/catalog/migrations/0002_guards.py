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
    "published_at",
)
# Samples and counts of records are forgotten when a version is withdrawn, and change at no other time.
SAMPLES = ("statistics", "preview")


def changed(columns: tuple[str, ...]) -> str:
    return " OR ".join(f'OLD."{column}" <> NEW."{column}"' for column in columns)


FROZEN_CHANGED = f"{changed(FROZEN)} OR (NEW.state <> 'withdrawn_content' AND ({changed(SAMPLES)}))"

GUARDS = [
    Refusal(
        "catalog_datasetversion",
        "UPDATE",
        "a published version never changes",
        f"OLD.published_at IS NOT NULL AND (NEW.published_at IS NULL OR {FROZEN_CHANGED})",
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
