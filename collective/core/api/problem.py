"""Errors on the wire: `application/problem+json` (RFC 9457). The only place where an error becomes an HTTP status."""

import functools
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

import structlog
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponseBase, JsonResponse
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.response import Response

from collective.core import errors
from collective.core.idempotency import KeyReusedError
from collective.core.storage.errors import StorageFullError

log = structlog.get_logger()
CONTENT_TYPE = "application/problem+json"

# The families, and the few classes for which HTTP has a more exact word. The nearest class in the MRO decides.
STATUS: Mapping[type[Exception], HTTPStatus] = {
    errors.InvalidError: HTTPStatus.BAD_REQUEST,
    errors.UnauthenticatedError: HTTPStatus.UNAUTHORIZED,
    errors.DeniedError: HTTPStatus.FORBIDDEN,
    errors.NotFoundError: HTTPStatus.NOT_FOUND,
    errors.ConflictError: HTTPStatus.CONFLICT,
    errors.GoneError: HTTPStatus.GONE,
    errors.TooLargeError: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    errors.LimitedError: HTTPStatus.TOO_MANY_REQUESTS,
    errors.UnavailableError: HTTPStatus.SERVICE_UNAVAILABLE,
    errors.DomainError: HTTPStatus.BAD_REQUEST,
    KeyReusedError: HTTPStatus.UNPROCESSABLE_ENTITY,
    StorageFullError: HTTPStatus.INSUFFICIENT_STORAGE,
}
RETRY_SECONDS = 60


def status_of(error: errors.DomainError) -> HTTPStatus:
    return next(STATUS[family] for family in type(error).__mro__ if family in STATUS)


def headers_of(error: errors.DomainError) -> dict[str, str]:
    """What a client needs beside the body: how to authenticate, when to come back."""
    if isinstance(error, errors.UnauthenticatedError):
        return {"WWW-Authenticate": 'Bearer realm="api"'}
    if isinstance(error, errors.LimitedError | errors.UnavailableError):
        return {"Retry-After": str(error.detail.get("retry_after", RETRY_SECONDS))}
    return {}


def problem_body(
    request: HttpRequest, *, status: int, code: str, detail: str, fields: Any = None, context: Any = None
) -> dict[str, Any]:
    """`fields` names wrong inputs, `context` carries an error's facts for machines; both are left out when empty."""
    body = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": int(status),
        "code": code,
        "detail": detail,
        "request_id": getattr(request, "request_id", ""),
    }
    return body | {name: value for name, value in (("fields", fields), ("context", context)) if value}


def domain_problem(request: HttpRequest, error: errors.DomainError) -> dict[str, Any]:
    return problem_body(
        request,
        status=status_of(error),
        code=error.code,
        detail=error.message,
        fields=error.fields,
        context=error.detail,
    )


def json_problem(request: HttpRequest, error: errors.DomainError) -> JsonResponse:
    """For views outside of REST framework."""
    body = domain_problem(request, error)
    return JsonResponse(body, status=body["status"], content_type=CONTENT_TYPE, headers=headers_of(error))


def answers_problems(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Decorator of a plain Django view that machines call: its domain errors become problem+json."""

    @functools.wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except errors.DomainError as error:
            return json_problem(request, error)

    return answered


def exception_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """REST framework's hook. None lets an unexpected error become a logged, wordless 500."""
    request = context["request"]
    if isinstance(error, errors.DomainError):
        return Response(
            domain_problem(request, error), status_of(error), headers=headers_of(error), content_type=CONTENT_TYPE
        )
    framework_error = _as_api_exception(error)
    return None if framework_error is None else _framework_problem(request, framework_error)


def _as_api_exception(error: Exception) -> APIException | None:
    """Django's own errors, and a database that is away or overloaded, in REST framework's terms."""
    if isinstance(error, APIException):
        return error
    known: list[tuple[type[Exception], HTTPStatus, errors.DomainError]] = [
        (Http404, HTTPStatus.NOT_FOUND, errors.NotFoundError()),
        (PermissionDenied, HTTPStatus.FORBIDDEN, errors.DeniedError()),
        (RequestDataTooBig, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, errors.TooLargeError("The request is too large.")),
        (SuspiciousOperation, HTTPStatus.BAD_REQUEST, errors.InvalidError("The request is malformed.")),
        (OperationalError, HTTPStatus.SERVICE_UNAVAILABLE, errors.UnavailableError()),
    ]
    for kind, status, words in known:
        if isinstance(error, kind):
            if status == HTTPStatus.SERVICE_UNAVAILABLE:
                log.error("api.database_away", error=type(error).__name__)
            answer = APIException(words.message, words.code)
            answer.status_code = status
            return answer
    return None


def _framework_problem(request: HttpRequest, error: APIException) -> Response:
    fields = flat_fields(error.detail) if isinstance(error, ValidationError) else {}
    general = fields.pop("", [])
    detail = " ".join(general) or ("Some of the input is wrong." if fields else _text(error.detail))
    code = "invalid" if isinstance(error, ValidationError) else str(error.get_codes())
    headers = {}
    if wait := getattr(error, "wait", None):
        headers["Retry-After"] = str(int(wait) + 1)
    elif error.status_code == HTTPStatus.SERVICE_UNAVAILABLE:
        headers["Retry-After"] = str(RETRY_SECONDS)
    if auth_header := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = auth_header
    body = problem_body(request, status=error.status_code, code=code, detail=detail, fields=fields)
    return Response(body, error.status_code, headers=headers, content_type=CONTENT_TYPE)


def flat_fields(detail: Any, path: str = "") -> dict[str, list[str]]:
    """Nested serializer errors as `{"files.0.name": ["…"]}`; what concerns the whole input is under the empty name."""
    if isinstance(detail, dict):
        pairs = [(f"{path}.{name}".strip("."), each) for name, each in detail.items() if name != "non_field_errors"]
        pairs += [(path, detail["non_field_errors"])] if "non_field_errors" in detail else []
    elif isinstance(detail, list) and any(isinstance(each, dict | list) for each in detail):
        pairs = [(f"{path}.{index}".strip("."), each) for index, each in enumerate(detail)]
    else:
        return {path: [str(each) for each in detail] if isinstance(detail, list) else [str(detail)]}
    flat: dict[str, list[str]] = {}
    for name, each in pairs:
        for field, texts in flat_fields(each, name).items():
            flat[field] = flat.get(field, []) + texts if texts else flat.get(field, [])
    return {field: texts for field, texts in flat.items() if texts}


def _text(detail: Any) -> str:
    return " ".join(str(each) for each in detail) if isinstance(detail, list) else str(detail)
