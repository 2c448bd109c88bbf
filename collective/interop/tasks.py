"""Interop's jobs: load nothing, call one function each."""

from uuid import UUID

from collective.core.jobs import every, job
from collective.interop.mdc import archives, samples, submissions


def _archive_died(archive_id: str, reason: str) -> None:
    archives.fail_archive(archive_id=UUID(archive_id), reason=reason)


@job("interop.build_archive", queue="long", max_attempts=3, on_dead=_archive_died)
def build_archive(archive_id: str) -> None:
    archives.build_archive(archive_id=UUID(archive_id))


@job("interop.drop_archives", max_attempts=10)
def drop_archives(dataset_id: str) -> None:
    archives.drop_archives(dataset_id=UUID(dataset_id))


@job("interop.sweep_archives")
def sweep_archives() -> None:
    archives.drop_archives()
    archives.drop_superseded()


@job("interop.check_sample")
def check_sample(upload_id: str) -> None:
    samples.check_sample(upload_id=UUID(upload_id))


@job("interop.forget_drafts")
def forget_drafts() -> None:
    submissions.forget_drafts()


every(3600, "interop.sweep_archives")
every(24 * 3600, "interop.forget_drafts")
