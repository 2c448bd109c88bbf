"""Ingestion's jobs: load nothing, call one service each."""

from uuid import UUID

from collective.core.jobs import every, job
from ingestion.pipeline import workspace
from ingestion.services import (
    building,
    checking,
    comparing,
    erasing,
    erasing_records,
    files,
    patching,
    planning,
    rescanning,
    sweeping,
    validation,
)


def _store_died(upload_id: str, reason: str) -> None:
    files.fail_store(upload_id=UUID(upload_id), reason=reason)


def _batch_died(batch_id: str, reason: str) -> None:
    files.fail_batch(batch_id=UUID(batch_id), reason=reason)


@job("ingestion.store_upload", queue="long", on_dead=_store_died)
def store_upload(upload_id: str) -> None:
    files.store_upload(upload_id=UUID(upload_id))


@job("ingestion.store_batch", queue="heavy", on_dead=_batch_died)
def store_batch(batch_id: str) -> None:
    files.store_batch(batch_id=UUID(batch_id))


@job("ingestion.drop_upload", max_attempts=10)
def drop_upload(upload_id: str) -> None:
    files.drop_bytes(upload_id=UUID(upload_id))


@job("ingestion.scan_waiting", queue="heavy")
def scan_waiting() -> None:
    rescanning.scan_waiting()


@job("ingestion.sweep_uploads")
def sweep_uploads() -> None:
    sweeping.sweep_uploads()


@job("ingestion.sweep_store", queue="heavy")
def sweep_store() -> None:
    sweeping.sweep_store()


def _validation_died(report_id: str, reason: str) -> None:
    validation.stop_validation(report_id=UUID(report_id), reason=reason)


def _piece_died(piece_id: str, reason: str) -> None:
    validation.stop_piece(piece_id=int(piece_id), reason=reason)


@job("ingestion.validate_contribution", queue="heavy", max_attempts=3, on_dead=_validation_died)
def validate_contribution(report_id: str) -> None:
    validation.validate(report_id=UUID(report_id))


@job("ingestion.check_piece", queue="heavy", max_attempts=3, on_dead=_piece_died)
def check_piece(piece_id: str) -> None:
    checking.check_piece(piece_id=int(piece_id))


@job("ingestion.finish_validation", queue="heavy", max_attempts=3, on_dead=_validation_died)
def finish_validation(report_id: str) -> None:
    validation.finish(report_id=UUID(report_id))


def _build_died(reason: str, **row: str) -> None:
    planning.fail_build(build_id=UUID(row["build_id"]), reason=reason)


@job("ingestion.plan_build", queue="heavy", on_dead=_build_died)
def plan_build(build_id: str) -> None:
    planning.plan_build(build_id=UUID(build_id))


@job("ingestion.build_shard", queue="heavy", on_dead=_build_died)
def build_shard(build_id: str, number: str) -> None:
    building.build_shard(build_id=UUID(build_id), number=int(number))


@job("ingestion.seal_build", queue="heavy", on_dead=_build_died)
def seal_build(build_id: str) -> None:
    building.seal_build(build_id=UUID(build_id))


@job("ingestion.patch_version", max_attempts=20)
def patch_version(version_id: str) -> None:
    patching.open_patch(withdrawn_id=UUID(version_id))


@job("ingestion.sweep_work_folders")
def sweep_work_folders() -> None:
    workspace.sweep_work_folders()


@job("ingestion.compare_contribution", queue="heavy")
def compare_contribution(contribution_id: str, run: str = "first") -> None:
    comparing.compare_contribution(contribution_id=UUID(contribution_id), run=run)


def _object_died(contribution_id: str, prepared_id: str, run: str, reason: str) -> None:
    comparing.pass_over(contribution_id=UUID(contribution_id), prepared_id=int(prepared_id), run=run)


@job("ingestion.compare_object", queue="heavy", max_attempts=3, on_dead=_object_died)
def compare_object(contribution_id: str, prepared_id: str, run: str) -> None:
    comparing.compare_object(contribution_id=UUID(contribution_id), prepared_id=int(prepared_id), run=run)


@job("ingestion.compare_forgotten")
def compare_forgotten() -> None:
    comparing.compare_forgotten()


@job("ingestion.erase_contribution", max_attempts=20)
def erase_contribution(contribution_id: str) -> None:
    erasing.erase_contribution(contribution_id=UUID(contribution_id))


@job("ingestion.erase_records", queue="heavy", max_attempts=20)
def erase_records(withdrawal_id: str) -> None:
    erasing_records.erase_records(withdrawal_id=UUID(withdrawal_id))


@job("ingestion.delete_replaced", max_attempts=20)
def delete_replaced(sha256: str) -> None:
    erasing_records.delete_replaced(sha256=sha256)


every(rescanning.PERIOD, "ingestion.scan_waiting")
every(3600, "ingestion.sweep_uploads")
every(24 * 3600, "ingestion.sweep_store")
every(3600, "ingestion.sweep_work_folders")
every(6 * 3600, "ingestion.compare_forgotten")
