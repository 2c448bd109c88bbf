"""What can be wrong with a request to the catalog."""

from collective.core.errors import ConflictError, DeniedError, InvalidError, NotFoundError


class DatasetNotFoundError(NotFoundError):
    code = "dataset_not_found"
    text = "There is no dataset with this name, or you may not see it."


class ContributionNotFoundError(NotFoundError):
    code = "contribution_not_found"
    text = "There is no contribution with this id, or you may not see it."


class VersionNotFoundError(NotFoundError):
    code = "version_not_found"
    text = "This dataset has no such version."


class NotStewardError(DeniedError):
    code = "not_steward"
    text = "Only an owner or admin of {organization} may do this."


class ContributionsClosedError(DeniedError):
    code = "contributions_closed"
    text = "{dataset} takes contributions from members of {organization} only. Ask them to add you."


class NotInOrderError(ConflictError):
    code = "dataset_not_in_order"
    text = "{dataset} is {state} and takes no contributions."


class HoldReasonMissingError(InvalidError):
    code = "reason_missing"
    text = "Say why. It is kept in the audit trail."


class ConflictOfInterestError(DeniedError):
    code = "conflict_of_interest"
    text = "You belong to {organization}, which publishes this dataset. Somebody else has to decide."


class SlugTakenError(ConflictError):
    code = "slug_taken"
    text = "{organization} already has a dataset named “{slug}”. Choose another short name."


class UnknownLanguageError(InvalidError):
    code = "unknown_language"
    text = "“{tag}” is not a language tag. Write it like “sw”, “pt-BR” or “zh-Hant” (BCP 47)."


class NothingUploadedError(ConflictError):
    code = "nothing_uploaded"
    text = "This contribution has no files yet. Add at least one file, wait until it is stored, and submit again."


class RightsMissingError(ConflictError):
    code = "rights_missing"
    text = "Say where the data comes from and what it may be used for, then submit again."


class SourceWithdrawnError(ConflictError):
    code = "source_withdrawn"
    text = (
        "This was made from {source}, which holds data that was withdrawn. "
        "Make it again from a version that is published, and start a new contribution."
    )


class DecisionReasonMissingError(InvalidError):
    code = "reason_missing"
    text = "Say why, so that the contributor can do something about it."


class WithdrawnMeanwhileError(ConflictError):
    code = "withdrawn_meanwhile"
    text = "Version {number} was to hold data that is withdrawn now. Publish again: the new version is made without it."


class HandedInError(ConflictError):
    code = "handed_in"
    text = "This contribution was handed in meanwhile, and stays as it was."


class NothingToPublishError(ConflictError):
    code = "nothing_to_publish"
    text = "There is no accepted contribution to publish yet. Accept at least one, then publish again."


class BuildRunningError(ConflictError):
    code = "build_running"
    text = "A version of this dataset is being built now. Wait until it is done, then publish again."
