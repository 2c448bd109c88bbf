"""What every Hub route shares: keys only (no session, no cookie, so no CSRF), and errors in the Hub's form."""

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponseBase
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.views import APIView

from collective.accounts.api.authentication import ApiKeyAuthentication
from collective.accounts.api.viewer import viewer_of
from collective.accounts.models import ApiKey
from collective.catalog.errors import DatasetNotFoundError
from collective.catalog.models import Dataset, DatasetVersion
from collective.catalog.selectors import Viewer
from collective.core.errors import DomainError
from collective.interop.answering import AnythingGoes
from collective.interop.hub.errors import RevisionNotFoundError, error_response, refusal
from collective.interop.hub.gate import check_described, dataset_named
from collective.interop.hub.revisions import find_version
from collective.interop.hub.uploads.drafts import empty_commit, empty_repository


class HubView(APIView):
    """`version` is set as soon as it is known, so that every later answer names its commit."""

    authentication_classes = (ApiKeyAuthentication,)
    permission_classes = (AllowAny,)  # rows decide: `dataset_for` and the delivery service
    content_negotiation_class = AnythingGoes
    schema = None  # documented by its inventors
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

    def handle_exception(self, exc: Exception) -> HttpResponseBase:  # type: ignore[override]  # JSON without renderers
        if isinstance(exc, DatasetNotFoundError | RevisionNotFoundError):
            return self._nothing_published(exc)
        response = error_response(exc, anonymous=self.key is None, gated=self.gated)
        if response is None:
            raise exc
        return response

    def answer_empty(self, dataset: Dataset) -> HttpResponseBase | None:
        """What a repository without a commit answers to somebody who may push to it; None where it is not asked."""
        return None

    def _nothing_published(self, exc: DomainError) -> HttpResponseBase:
        dataset = empty_repository(self.key, self.kwargs.get("organization", ""), self.kwargs.get("slug", ""))
        revision, response = self.kwargs.get("revision", "main"), None
        if dataset and revision not in ("main", empty_commit(dataset)):
            exc = RevisionNotFoundError(revision=revision, repo_id=dataset.repo_id)
        elif dataset:
            self.commit = empty_commit(dataset)
            response = self.answer_empty(dataset)
        return response or refusal(exc, anonymous=self.key is None, gated=self.gated)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        if self.commit:
            response.headers["X-Repo-Commit"] = self.commit
        return super().finalize_response(request, response, *args, **kwargs)
