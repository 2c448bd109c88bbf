"""What every route of Delta Sharing shares: keys that may download, no session, and errors in Delta's form."""

from typing import Any

from django.http import HttpResponseBase
from rest_framework.exceptions import NotAuthenticated
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.views import APIView

from collective.accounts.api.authentication import ApiKeyAuthentication
from collective.accounts.api.permissions import HasScope
from collective.accounts.models import ApiKey, User
from collective.core.errors import NotFoundError
from collective.interop.delta.errors import error_response
from collective.interop.hub.views.base import AnythingGoes


class DeltaView(APIView):
    authentication_classes = (ApiKeyAuthentication,)
    permission_classes = (IsAuthenticated, HasScope)
    required_scope = "download"
    content_negotiation_class = AnythingGoes
    schema = None  # documented by its inventors

    @property
    def throttle_scope(self) -> str:
        return "hub" if self.request.auth else "anonymous"

    @property
    def key(self) -> ApiKey:
        if not isinstance(self.request.auth, ApiKey):
            raise NotAuthenticated
        return self.request.auth

    @property
    def user(self) -> User:
        return self.key.owner

    def handle_exception(self, exc: Exception) -> HttpResponseBase:  # type: ignore[override]  # JSON without renderers
        response = error_response(exc)
        if response is None:
            raise exc
        return response

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        """Addresses of data are for the caller alone."""
        response.headers["Cache-Control"] = "private, no-store"
        response.headers["Referrer-Policy"] = "no-referrer"
        return super().finalize_response(request, response, *args, **kwargs)


class NothingHereView(DeltaView):
    """Any other address, in Delta's words."""

    def get(self, request: Request, **_: str) -> HttpResponseBase:
        raise NotFoundError

    def post(self, request: Request, **_: str) -> HttpResponseBase:
        raise NotFoundError
