"""Which languages the reader of a text asked for."""

from django.http import HttpRequest
from django.utils.translation.trans_real import parse_accept_lang_header


def languages_of(request: HttpRequest) -> list[str]:
    """`?language=` first, then what the browser says, best first."""
    chosen = request.GET.get("language", "")
    said = [tag for tag, _weight in parse_accept_lang_header(request.headers.get("Accept-Language", ""))]
    return [tag for tag in (chosen, *said) if tag]
