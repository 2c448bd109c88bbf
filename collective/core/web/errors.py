"""The last answers: what Django calls when nothing else answered."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from collective.core.api.problem import CONTENT_TYPE, problem_body
from collective.core.errors import DeniedError, NotFoundError
from collective.core.web.middleware import is_for_machines


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    return _answer(request, HTTPStatus.BAD_REQUEST, "bad_request", "The request is malformed.")


def denied(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    return _answer(request, HTTPStatus.FORBIDDEN, DeniedError.code, DeniedError.text)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponseBase:
    text = "This form was open too long or came from another site. Go back, reload the page and send it again."
    return _answer(request, HTTPStatus.FORBIDDEN, "csrf_failed", text)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    return _answer(request, HTTPStatus.NOT_FOUND, NotFoundError.code, NotFoundError.text)


def server_error(request: HttpRequest) -> HttpResponseBase:
    """Without request context: whatever broke the page may break its context processors too."""
    text = "Something went wrong on our side. It has been recorded. Try again in a minute."
    if is_for_machines(request):
        return _answer(request, HTTPStatus.INTERNAL_SERVER_ERROR, "server_error", text)
    context = {"request_id": getattr(request, "request_id", "")}
    return HttpResponse(render_to_string("errors/500.html", context), status=HTTPStatus.INTERNAL_SERVER_ERROR)


def _answer(request: HttpRequest, status: HTTPStatus, code: str, text: str) -> HttpResponseBase:
    if is_for_machines(request):
        body = problem_body(request, status=status, code=code, detail=text)
        return JsonResponse(body, status=status, content_type=CONTENT_TYPE)
    return render(request, f"errors/{status.value}.html", {"text": text, "status": status}, status=status)
