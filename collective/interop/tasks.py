"""Interop's jobs: load nothing, call one function each."""

from uuid import UUID

from collective.core.jobs import every, job
from collective.interop.mdc import archives


def _archive_died(archive_id: str, reason: str) -> None:
    archives.fail_archive(archive_id=UUID(archive_id), reason=reason)


@job("interop.build_archive", queue="heavy", max_attempts=3, on_dead=_archive_died)
def build_archive(archive_id: str) -> None:
    archives.build_archive(archive_id=UUID(archive_id))


@job("interop.drop_archives", max_attempts=10)
def drop_archives(dataset_id: str) -> None:
    archives.drop_archives(dataset_id=UUID(dataset_id))


@job("interop.sweep_archives")
def sweep_archives() -> None:
    archives.drop_archives()


every(3600, "interop.sweep_archives")
