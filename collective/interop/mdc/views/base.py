"""What the SDK's routes share: keys only (no session, no cookie, so no CSRF), and errors in the SDK's form."""

from django.http import HttpResponseBase
from rest_framework.exceptions import NotAuthenticated
from rest_framework.permissions import AllowAny

from collective.accounts.models import ApiKey, User
from collective.interop.answering import ClientView, NothingHere
from collective.interop.mdc.errors import error_response
from licensing.errors import ScopeMissingError


class MdcView(ClientView):
    permission_classes = (AllowAny,)  # rows decide, and the services that are called

    def refused(self, error: Exception) -> HttpResponseBase | None:
        return error_response(error)

    @property
    def throttle_scope(self) -> str:
        """An upload asks once for each of its parts."""
        return "mdc" if self.key else "anonymous"

    @property
    def key(self) -> ApiKey | None:
        return self.request.auth if isinstance(self.request.auth, ApiKey) else None

    def owner(self, scope: str) -> User:
        """Whose key this is. Raises NotAuthenticated and ScopeMissingError where the key may not do this."""
        if self.key is None:
            raise NotAuthenticated
        if scope not in self.key.scopes:
            raise ScopeMissingError(f"This API key may not do this. Make one with the scope “{scope}”.")
        return self.key.owner


class NothingHereView(NothingHere, MdcView):
    """The SDK's, which shows a person nothing but `message`."""
