"""Every data file of a version with an address of its own, and fresh addresses: for clients that only need HTTP."""

from typing import Any, ClassVar
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from collective.accounts.api.permissions import HasScope
from collective.accounts.models import ApiKey
from collective.accounts.web.people import person
from collective.catalog.selectors import version_by_revision
from licensing import services
from licensing.api.manifest_serializers import (
    BudgetInput,
    ManifestOutput,
    ManifestQuery,
    RenewalInput,
    RenewalOutput,
    SessionOutput,
)
from licensing.api.manifests import manifest_body, renewal_body, session_body
from licensing.selectors import deliverable_dataset

PRIVATE = {"Cache-Control": "private, no-store", "Referrer-Policy": "no-referrer"}


class Delivering(APIView):
    """A key is counted as on the Hub's addresses: hundreds of workers of one job share it."""

    required_scope: str | dict[str, str] = "download"

    @property
    def throttle_scope(self) -> str:
        return "hub" if self.key else ""

    @property
    def key(self) -> ApiKey | None:
        return self.request.auth if isinstance(self.request.auth, ApiKey) else None


class DatasetManifest(Delivering):
    """The addresses work for a few minutes; the session's token gets new ones, one by one, for a day.

    Anonymous callers hear how to get a license.
    """

    permission_classes = (AllowAny, HasScope)

    @extend_schema(parameters=[ManifestQuery], responses=ManifestOutput)
    def get(self, request: Request, organization: str, slug: str) -> Response:
        asked = ManifestQuery(data=request.query_params.dict())
        asked.is_valid(raise_exception=True)
        query = asked.validated_data
        dataset = deliverable_dataset(request.user, organization, slug)
        manifest = services.deliver_manifest(
            actor=request.user,
            key=self.key,
            version=version_by_revision(dataset, query["revision"]),
            action=query["action"],
            since=version_by_revision(dataset, query["since"]) if query["since"] else None,
            caller=_caller(request),
        )
        return Response(manifest_body(manifest, viewer=request.user), headers=PRIVATE)


class SessionUrl(Delivering):
    """One new address, for the key that opened the session. The license is asked again: what has ended ends here."""

    @extend_schema(request=RenewalInput, responses=RenewalOutput)
    def post(self, request: Request) -> Response:
        given = RenewalInput(data=request.data)
        given.is_valid(raise_exception=True)
        renewal = services.renew_address(actor=person(request), key=self.key, **given.validated_data)
        return Response(renewal_body(renewal), headers=PRIVATE)


class SessionBudget(APIView):
    """For the stewards of the dataset: how often a job may be given the version within its session."""

    required_scope: ClassVar[dict[str, str]] = {}

    @extend_schema(request=BudgetInput, responses=SessionOutput)
    def post(self, request: Request, session_id: UUID) -> Response:
        given = BudgetInput(data=request.data)
        given.is_valid(raise_exception=True)
        session = services.raise_budget(actor=person(request), session_id=session_id, **given.validated_data)
        return Response(session_body(session))


def _caller(request: Request) -> services.Caller:
    facts: dict[str, Any] = request.META
    return services.Caller(facts.get("REMOTE_ADDR", ""), request.headers.get("User-Agent", ""))
