"""Ingestion's state machines."""

from collective.core.domain.states import state_table

UPLOAD_STATES = state_table(
    "upload",
    "open",
    open="assembling expired aborted",
    expired="open aborted",
    assembling="stored failed quarantined aborted",
    stored="quarantined removed",
    failed="aborted",
    quarantined="aborted",
    aborted="",
    removed="",
)

REPORT_STATES = state_table(
    "validation report",
    "waiting",
    waiting="running stopped",
    running="passed problems stopped",
    passed="",
    problems="",
    stopped="",
)

BUILD_STATES = state_table(
    "build",
    "planning",
    planning="sharding failed",
    sharding="sealing failed",
    sealing="done failed",
    done="",
    failed="",
)
