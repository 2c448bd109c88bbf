"""What a push can be refused for. Statuses are in `hub/errors.py`."""

from collective.catalog.models import Dataset
from collective.core.errors import ConflictError, DeniedError, InvalidError, UnauthenticatedError


class PushKeyMissingError(UnauthenticatedError):
    code = "push_key_missing"
    text = "A push needs an API key that may upload. Make one at {keys} and set HF_TOKEN to it."


class PushScopeMissingError(DeniedError):
    code = "push_scope_missing"
    text = "This key may not upload. Make one with the scope upload at {keys} and set HF_TOKEN to it."


class NotMainError(DeniedError):
    code = "not_main"
    text = "Only main takes pushes. Versions are published by the dataset's steward; there are no other branches."


class PullRequestError(DeniedError):
    code = "pull_request"
    text = (
        "There are no pull requests here, and none is needed: a push goes into a draft contribution of your own. "
        "Push again without create_pr."
    )


class XetError(DeniedError):
    code = "xet"
    text = "This site takes files through Git LFS. Set HF_HUB_DISABLE_XET=1 before Python starts, and push again."


class RepositoryTypeError(InvalidError):
    code = "repository_type"
    text = "This site has datasets only. Give repo_type='dataset'."


class RepositoryNameError(InvalidError):
    code = "repository_name"
    text = "“{name}” cannot name a dataset. Use at most 80 letters, digits, - and _."


class RepositoryExistsError(ConflictError):
    code = "repository_exists"
    text = "{repo_id} is here already. With exist_ok=True this is no error."

    def __init__(self, dataset: Dataset) -> None:
        super().__init__(repo_id=dataset.repo_id)
        self.dataset = dataset


class NobodyOpensHereError(DeniedError):
    code = "nobody_opens_here"
    text = (
        "There is no dataset {repo_id} that you may see, and only an owner or admin of {organization} may open one. "
        "Ask them to open it for contributions, or push under your own name."
    )


class ParentMovedError(ConflictError):
    code = "parent_moved"
    text = "main is not what you read any more. Read it again, and commit on top of it."


class CommitUnreadableError(InvalidError):
    code = "commit_unreadable"
    text = "This commit cannot be read: {why}."


class RegularFileError(InvalidError):
    code = "regular_file"
    text = "“{path}” came inside the commit. Only README.md and empty files do; others travel through Git LFS."


class NothingToDeleteError(DeniedError):
    code = "nothing_to_delete"
    text = (
        "Your draft has no file {path}. A commit deletes files of your own draft only; what is published stays, and "
        "is withdrawn on the contribution's page."
    )
