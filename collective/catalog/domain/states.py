"""The catalog's state machines."""

from collective.core.domain.states import state_table

DATASET_STATES = state_table(
    "dataset",
    "draft",
    draft="listed withdrawn",
    listed="quarantined withdrawn",
    quarantined="listed withdrawn",
    withdrawn="",
)

CONTRIBUTION_STATES = state_table(
    "contribution",
    "draft",
    draft="submitted withdrawn",
    submitted="validating withdrawn",
    validating="needs_changes validated withdrawn",
    needs_changes="submitted withdrawn",
    validated="accepted rejected withdrawn",
    accepted="withdrawn",
    rejected="withdrawn",
    withdrawn="",
)

VERSION_STATES = state_table(
    "version",
    "building",
    building="published failed withdrawn_content",
    published="withdrawn_content retracted",
    failed="building",
    withdrawn_content="",
    retracted="",
)
