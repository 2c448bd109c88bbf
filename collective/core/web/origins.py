"""Bytes that users uploaded, on an origin without cookies (reliability reference 2.9).

With DATA_ORIGIN the links to the local store lead to a host name that answers nothing else; elsewhere they do not work.
"""

import re
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.http.request import split_domain_port

from collective.core.api.problem import json_problem
from collective.core.errors import NotFoundError
from collective.core.web.middleware import Handler

OBJECTS = "/storage/objects/"


class WrongOriginError(NotFoundError):
    code = "wrong_origin"
    text = "This is not here: files have a host name of their own, and nothing else has it."


class DataOriginMiddleware:
    """Before sessions and all that reads a cookie. Host names are compared: a proxy may listen on another port."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not settings.DATA_ORIGIN:
            return self.get_response(request)
        is_data = request.path_info.startswith(OBJECTS)
        here = split_domain_port(request.get_host())[0] == urlsplit(settings.DATA_ORIGIN).hostname
        if is_data != here:
            return json_problem(request, WrongOriginError())
        return self.get_response(request)


class CookielessMiddleware:
    """Routes for keys and signed links get no cookie to read, so that sessions and CSRF answer with none."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response
        self.is_cookieless = re.compile(settings.COOKIELESS_PATHS).match

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if self.is_cookieless(request.path_info):
            request.META.pop("HTTP_COOKIE", None)
        return self.get_response(request)
