"""The guard of exclusive licenses, said to each database in its own way."""

from typing import Any

POSTGRESQL = (
    "CREATE EXTENSION IF NOT EXISTS btree_gist",
    """
    ALTER TABLE licensing_exclusiveclaim ADD CONSTRAINT exclusive_claim_never_meets EXCLUDE USING gist (
        dataset_id WITH =, (action::text) WITH =, (field::text) WITH =, (territory::text) WITH =,
        tstzrange(starts_at, ends_at) WITH &&
    )
    """,
)
# SQLite writes times as text of one form, so that comparing texts compares times.
_MEETS = """
    old.dataset_id = NEW.dataset_id AND old.action = NEW.action AND old.field = NEW.field
    AND old.territory = NEW.territory AND old.id IS NOT NEW.id
    AND (old.ends_at IS NULL OR old.ends_at > NEW.starts_at)
    AND (NEW.ends_at IS NULL OR NEW.ends_at > old.starts_at)
"""


def _sqlite(when: str) -> str:
    return f"""
    CREATE TRIGGER exclusive_claim_never_meets_{when.lower()} BEFORE {when} ON licensing_exclusiveclaim FOR EACH ROW
    WHEN EXISTS (SELECT 1 FROM licensing_exclusiveclaim old WHERE {_MEETS})
    BEGIN SELECT RAISE(ABORT, 'an exclusive license meets another one'); END
    """  # noqa: S608 - nothing in it comes from outside


SQLITE = (_sqlite("INSERT"), _sqlite("UPDATE"))


def guard_claims(_apps: Any, schema_editor: Any) -> None:
    """Two claims that meet in everything cannot both be written, whatever the code above forgets."""
    for statement in SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL:
        schema_editor.execute(statement)


def unguard_claims(_apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "sqlite":
        for when in ("insert", "update"):
            schema_editor.execute(f"DROP TRIGGER IF EXISTS exclusive_claim_never_meets_{when}")
        return
    schema_editor.execute("ALTER TABLE licensing_exclusiveclaim DROP CONSTRAINT IF EXISTS exclusive_claim_never_meets")
