"""What the SDK's routes share: keys only (no session, no cookie, so no CSRF), and errors in the SDK's form."""

from typing import Any

from rest_framework.exceptions import NotAuthenticated
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.views import APIView

from collective.accounts.api.authentication import ApiKeyAuthentication
from collective.accounts.models import ApiKey, User
from collective.interop.mdc.errors import error_response
from licensing.errors import ScopeMissingError

NO_STORE = {"Cache-Control": "private, no-store", "Referrer-Policy": "no-referrer"}


class OneForm(DefaultContentNegotiation):
    """What we answer is fixed by the route; `Accept` is not looked at."""

    def select_renderer(self, request: Request, renderers: Any, format_suffix: str | None = None) -> Any:
        return renderers[0], renderers[0].media_type


class MdcView(APIView):
    authentication_classes = (ApiKeyAuthentication,)
    permission_classes = (AllowAny,)  # rows decide, and the services that are called
    content_negotiation_class = OneForm
    schema = None  # documented by its inventors

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

    def handle_exception(self, exc: Exception) -> Any:
        response = error_response(exc)
        return super().handle_exception(exc) if response is None else response

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        """Our answers are Django's own, already rendered."""
        for name, value in NO_STORE.items():
            response[name] = value
        return response
