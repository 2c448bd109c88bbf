"""What every request and every answer goes through, whoever handles it."""

import re
from collections.abc import Callable

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render

from collective.core.api.problem import headers_of, json_problem, status_of
from collective.core.errors import DomainError, InvalidError
from collective.core.ids import new_id

Handler = Callable[[HttpRequest], HttpResponseBase]
_REQUEST_ID = re.compile(r"[A-Za-z0-9-]{8,64}", re.ASCII)
# Beside the addresses that know no cookie.
MACHINE_PATHS = ("/api/", "/stripe/")


class MalformedAddressError(InvalidError):
    code = "malformed_address"
    text = "The address has a character that no address can have."


class RequestIdMiddleware:
    """Gives the request a name that appears in its answer, its errors and every line it logs."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        offered = request.headers.get("X-Request-Id", "")
        request_id = offered if _REQUEST_ID.fullmatch(offered) else str(new_id())
        request.request_id = request_id  # type: ignore[attr-defined]  # Django's way to hand values down
        with structlog.contextvars.bound_contextvars(request_id=request_id):
            response = self.get_response(request)
        response["X-Request-Id"] = request_id
        return response


class HeadMiddleware:
    """HEAD is answered like GET, without the body that views and errors of all kinds come with (RFC 9110, 9.3.2)."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if request.method == "HEAD":
            _leave_out_the_body(response)
        return response


class SecurityHeadersMiddleware:
    """Headers that Django's SecurityMiddleware does not know; the content policy is django-csp's.

    What machines are told depends on their key, which no cache asks for: so none keeps it, refusals neither.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", settings.PERMISSIONS_POLICY)
        if is_for_machines(request):
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response


class DomainErrorMiddleware:
    """A domain error that a page raised becomes a page that says what is wrong; for machines it is problem+json."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if "\0" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            return domain_error_page(request, MalformedAddressError())
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        return domain_error_page(request, exception) if isinstance(exception, DomainError) else None


def _leave_out_the_body(response: HttpResponseBase) -> None:
    if isinstance(response, StreamingHttpResponse):
        response.streaming_content = ()
    elif isinstance(response, HttpResponse) and response.content:
        response.headers.setdefault("Content-Length", str(len(response.content)))
        response.content = b""


def domain_error_page(request: HttpRequest, error: DomainError) -> HttpResponseBase:
    if is_for_machines(request):
        return json_problem(request, error)
    status = status_of(error)
    page = render(request, "errors/domain_error.html", {"error": error, "status": status}, status=status)
    for name, value in headers_of(error).items():
        page[name] = value
    return page


def is_for_machines(request: HttpRequest) -> bool:
    path = request.path_info
    return path.startswith(MACHINE_PATHS) or re.match(settings.COOKIELESS_PATHS, path) is not None
