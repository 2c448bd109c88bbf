"""What every Hub route shares: keys only (no session, no cookie, so no CSRF), and errors in the Hub's form."""

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponseBase
from rest_framework.permissions import AllowAny
from rest_framework.request import Request

from collective.accounts.api.viewer import viewer_of
from collective.accounts.models import ApiKey
from collective.catalog.errors import DatasetNotFoundError
from collective.catalog.models import Dataset, DatasetVersion
from collective.catalog.selectors import Viewer
from collective.core.errors import DomainError
from collective.interop.answering import ClientView
from collective.interop.hub.errors import RevisionNotFoundError, error_response, refusal
from collective.interop.hub.gate import check_described, dataset_named
from collective.interop.hub.revisions import find_version
from collective.interop.hub.uploads.drafted import Drafted, drafted
from collective.interop.hub.uploads.drafts import empty_repository


class HubView(ClientView):
    """`version` is set as soon as it is known, so that every later answer names its commit."""

    permission_classes = (AllowAny,)  # rows decide: `dataset_for` and the delivery service
    version: DatasetVersion | None = None
    commit = ""
    gated = True  # whether a refusal may be about a license

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """`plain_request` is Django's own: what serves files reads its headers."""
        super().setup(request, *args, **kwargs)
        self.plain_request = request

    @property
    def throttle_scope(self) -> str:
        """A training job asks often: once or twice per shard, and once per range when it streams."""
        return "hub" if self.key else "anonymous"

    @property
    def key(self) -> ApiKey | None:
        return self.request.auth if isinstance(self.request.auth, ApiKey) else None

    @property
    def viewer(self) -> Viewer:
        return viewer_of(self.request)

    def find_dataset(self) -> Dataset:
        return dataset_named(self.viewer, self.kwargs["organization"], self.kwargs["slug"])

    def find_version(self, dataset: Dataset) -> DatasetVersion:
        self.version = find_version(dataset, self.kwargs.get("revision", "main"))
        self.commit = self.version.commit_id
        return self.version

    def find_listed_version(self) -> DatasetVersion:
        version = self.find_version(self.find_dataset())
        check_described(version)
        return version

    def perform_authentication(self, request: Request) -> None:
        """Who was refused is nobody, also when the refusal is written, which asks whether there was a key."""
        try:
            super().perform_authentication(request)
        except DomainError:
            request.user, request.auth = AnonymousUser(), None
            raise

    def refused(self, error: Exception) -> HttpResponseBase | None:
        if isinstance(error, DatasetNotFoundError | RevisionNotFoundError):
            return self._nothing_published(error)
        return error_response(error, anonymous=self.key is None, gated=self.gated)

    def answer_drafted(self, dataset: Dataset, draft: Drafted) -> HttpResponseBase | None:
        """What a repository without a version answers to somebody who may push to it; None where it is not asked."""
        return None

    def _nothing_published(self, exc: DomainError) -> HttpResponseBase:
        dataset = empty_repository(self.key, self.kwargs.get("organization", ""), self.kwargs.get("slug", ""))
        if dataset is None or self.key is None:
            return refusal(exc, anonymous=self.key is None, gated=self.gated)
        revision, draft = self.kwargs.get("revision", "main"), drafted(self.key.owner, dataset)
        if revision not in ("main", draft.commit):
            exc = RevisionNotFoundError(revision=revision, repo_id=dataset.repo_id)
            return refusal(exc, anonymous=False, gated=self.gated)
        self.commit = draft.commit
        return self.answer_drafted(dataset, draft) or refusal(exc, anonymous=False, gated=self.gated)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        if self.commit:
            response.headers["X-Repo-Commit"] = self.commit
        return super().finalize_response(request, response, *args, **kwargs)
