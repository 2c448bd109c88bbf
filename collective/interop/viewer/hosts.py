"""Clients look for the viewer on a host of its own: the site's name with `datasets-server.` before it.

Nothing else of the site answers there. The name needs no entry in the DNS: without one, clients do without the viewer.
"""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.http.request import split_domain_port


class ViewerHostMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if split_domain_port(request.get_host())[0] == settings.VIEWER_HOST:
            request.urlconf = "collective.interop.viewer.urls"
        return self.get_response(request)
