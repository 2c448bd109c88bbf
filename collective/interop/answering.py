"""What the routes of other people's clients share: the form is fixed by the route, and refusals are in their words."""

from abc import abstractmethod
from http import HTTPStatus
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.db import OperationalError
from django.http import HttpResponseBase
from rest_framework.exceptions import APIException
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.request import Request
from rest_framework.views import APIView

from collective.accounts.api.authentication import ApiKeyAuthentication
from collective.core.api.problem import headers_of
from collective.core.errors import NotFoundError, TooLargeError, UnauthenticatedError, UnavailableError
from collective.core.storage.errors import ObjectNotFoundError


class AnythingGoes(DefaultContentNegotiation):
    """The format is fixed by the route; `Accept` is not looked at."""

    def select_renderer(self, request: Request, renderers: Any, format_suffix: str | None = None) -> Any:
        return renderers[0], renderers[0].media_type


class ClientView(APIView):
    """Keys only: no session, no cookie, so no CSRF. Answers are for the caller alone."""

    authentication_classes = (ApiKeyAuthentication,)
    content_negotiation_class = AnythingGoes
    schema = None  # documented by its inventors

    @abstractmethod
    def refused(self, error: Exception) -> HttpResponseBase | None:
        """An error in the words of the client; None for what is not an answer but a fault of ours."""

    def handle_exception(self, exc: Exception) -> HttpResponseBase:  # type: ignore[override]  # JSON without renderers
        response = self.refused(exc)
        if response is None:
            raise exc
        return response

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        response.headers["Cache-Control"] = "private, no-store"
        response.headers["Referrer-Policy"] = "no-referrer"
        return super().finalize_response(request, response, *args, **kwargs)


class NothingHere:
    """Any other address below a client's own: told in its words too."""

    def get(self, request: Request, **_: str) -> HttpResponseBase:
        raise NotFoundError

    def post(self, request: Request, **_: str) -> HttpResponseBase:
        raise NotFoundError


def in_our_words(error: Exception, *, too_large: str = "The request is too large.") -> Exception:
    """What Django, the database and the store say, as errors of the domain; any other error as it is."""
    if isinstance(error, RequestDataTooBig):
        return TooLargeError(too_large)
    return UnavailableError() if isinstance(error, OperationalError | ObjectNotFoundError) else error


def framework_headers(error: APIException) -> dict[str, str]:
    """How to authenticate, and when to come back."""
    headers = headers_of(UnauthenticatedError()) if error.status_code == HTTPStatus.UNAUTHORIZED else {}
    return headers | wait_header(error)


def wait_header(error: Exception) -> dict[str, str]:
    wait = getattr(error, "wait", None)
    return {"Retry-After": str(int(wait) + 1)} if wait else {}
