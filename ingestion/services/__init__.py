"""What ingestion can do: one function per use case."""

from ingestion.pipeline.workspace import work_folder
from ingestion.services.announced import announce_files, commit_files, has_arrived, remove_files
from ingestion.services.batches import complete_batch, start_batch
from ingestion.services.building import build_shard, seal_build
from ingestion.services.checking import check_piece
from ingestion.services.comparing import compare_contribution, compare_forgotten, compare_object
from ingestion.services.entries import listed_records
from ingestion.services.erasing import erasable_objects, erase_contribution, erasure_due
from ingestion.services.erasing_records import records_erasure_due, shards_holding
from ingestion.services.files import discard_upload, remove_file, store_upload
from ingestion.services.finding import places_of_records
from ingestion.services.layouts import proposal_for, set_layout, shares_of
from ingestion.services.locating import locate_record
from ingestion.services.needing import is_named
from ingestion.services.patching import open_patch, patches_due, patches_without_records_due
from ingestion.services.planning import plan_build
from ingestion.services.publishing import publish_version, retry_version
from ingestion.services.quotas import set_quota
from ingestion.services.reading import stored_rows
from ingestion.services.rescanning import scan_waiting
from ingestion.services.secrets import acknowledge_secrets
from ingestion.services.similar import decide_similar
from ingestion.services.sweeping import sweep_store, sweep_uploads
from ingestion.services.unhashed import check_parts, complete_unhashed, sign_unhashed_part
from ingestion.services.uploads import (
    abort_upload,
    arrived_parts,
    complete_upload,
    restore_upload,
    sign_parts,
    start_upload,
)
from ingestion.services.validation import finish, start_validation, stop_piece, stop_validation, validate

__all__ = [
    "abort_upload",
    "acknowledge_secrets",
    "announce_files",
    "arrived_parts",
    "build_shard",
    "check_parts",
    "check_piece",
    "commit_files",
    "compare_contribution",
    "compare_forgotten",
    "compare_object",
    "complete_batch",
    "complete_unhashed",
    "complete_upload",
    "decide_similar",
    "discard_upload",
    "erasable_objects",
    "erase_contribution",
    "erasure_due",
    "finish",
    "has_arrived",
    "is_named",
    "listed_records",
    "locate_record",
    "open_patch",
    "patches_due",
    "patches_without_records_due",
    "places_of_records",
    "plan_build",
    "proposal_for",
    "publish_version",
    "records_erasure_due",
    "remove_file",
    "remove_files",
    "restore_upload",
    "retry_version",
    "scan_waiting",
    "seal_build",
    "set_layout",
    "set_quota",
    "shards_holding",
    "shares_of",
    "sign_parts",
    "sign_unhashed_part",
    "start_batch",
    "start_upload",
    "start_validation",
    "stop_piece",
    "stop_validation",
    "store_upload",
    "stored_rows",
    "sweep_store",
    "sweep_uploads",
    "validate",
    "work_folder",
]
