"""A site that lives under a path: SITE_URL is `https://data.example.org/market`.

Every link begins with that path, because Django's FORCE_SCRIPT_NAME is taken from SITE_URL. Proxies may pass it on or
leave it out: both find the same route.
"""

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from collective.core.web.middleware import Handler


class PrefixMiddleware:
    """Before whatever looks at a path."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        prefix = settings.FORCE_SCRIPT_NAME
        if prefix and request.path_info.startswith(f"{prefix}/"):
            request.path, request.path_info = request.path_info, request.path_info.removeprefix(prefix)
        return self.get_response(request)
