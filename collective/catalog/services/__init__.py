"""What the catalog can do: one function per use case."""

from collective.catalog.services.contributions import (
    begin_validation,
    contribution_to_fill,
    decide_contribution,
    finish_validation,
    mark_rights_declared,
    set_upload_totals,
    start_contribution,
    submit_contribution,
)
from collective.catalog.services.datasets import create_dataset, list_dataset, update_dataset
from collective.catalog.services.derivations import declare_derivations
from collective.catalog.services.quarantine import clear_quarantine, quarantine_dataset
from collective.catalog.services.versions import (
    Seal,
    SealedFile,
    fail_version,
    open_patch_version,
    open_version,
    reopen_version,
    seal_version,
)
from collective.catalog.services.withdrawals import take_back, withdraw_records

__all__ = [
    "Seal",
    "SealedFile",
    "begin_validation",
    "clear_quarantine",
    "contribution_to_fill",
    "create_dataset",
    "decide_contribution",
    "declare_derivations",
    "fail_version",
    "finish_validation",
    "list_dataset",
    "mark_rights_declared",
    "open_patch_version",
    "open_version",
    "quarantine_dataset",
    "reopen_version",
    "seal_version",
    "set_upload_totals",
    "start_contribution",
    "submit_contribution",
    "take_back",
    "update_dataset",
    "withdraw_records",
]
