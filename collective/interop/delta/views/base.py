"""What every route of Delta Sharing shares: keys that may download, no session, and errors in Delta's form."""

from django.http import HttpResponseBase
from rest_framework.exceptions import NotAuthenticated
from rest_framework.permissions import IsAuthenticated

from collective.accounts.api.permissions import HasScope
from collective.accounts.models import ApiKey, User
from collective.interop.answering import ClientView, NothingHere
from collective.interop.delta.errors import error_response


class DeltaView(ClientView):
    permission_classes = (IsAuthenticated, HasScope)
    required_scope = "download"

    def refused(self, error: Exception) -> HttpResponseBase | None:
        return error_response(error)

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


class NothingHereView(NothingHere, DeltaView):
    """Delta's."""
