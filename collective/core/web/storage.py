"""Where signed links to the local store lead. The link itself is the permission; there is no session and no cookie."""

from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from collective.core import storage
from collective.core.api.problem import answers_problems
from collective.core.storage.errors import ObjectNotFoundError, ObjectWithheldError, PartRejectedError
from collective.core.storage.following import follow
from collective.core.storage.local import LocalIncomingStore, LocalPublishedStore
from collective.core.storage.signing import ObjectLink, PartLink, UnhashedLink, unseal
from collective.core.storage.withholding import is_withheld
from collective.core.web.files import serve_file
from collective.core.web.ranges import answer_for

CHUNK = 1024 * 1024


@csrf_exempt
@require_http_methods(["PUT"])
@answers_problems
def receive_part(request: HttpRequest) -> HttpResponse:
    """Take one part of an upload. The length is known before a byte is read, the MD5 after the last."""
    link = unseal(request.GET.get("token", ""), PartLink)
    if request.headers.get("Content-Length") != str(link.size):
        raise PartRejectedError(number=link.number, why=f"Content-Length is not the announced {link.size} bytes")
    stored = _incoming().receive_part(link, _chunks(request))
    return HttpResponse(headers={"ETag": f'"{stored.etag}"', "Cache-Control": "no-store"})


@csrf_exempt
@require_http_methods(["PUT"])
@answers_problems
def receive_unhashed(request: HttpRequest) -> HttpResponse:
    """The same from a client that announced no digest; the ETag tells it, and us, what arrived."""
    link = unseal(request.GET.get("token", ""), UnhashedLink)
    if not request.headers.get("Content-Length", "").isdecimal():
        raise PartRejectedError(number=link.number, why="its Content-Length is missing")
    stored = _incoming().receive_unhashed(link, _chunks(request))
    return HttpResponse(headers={"ETag": f'"{stored.etag}"', "Cache-Control": "no-store"})


@require_http_methods(["GET", "HEAD"])
@answers_problems
def serve_object(request: HttpRequest, name: str) -> HttpResponseBase:
    """Hand out one published object; the name in the path is for the client's eyes only.

    The link may be older than a withdrawal, so whether the object may be served is asked now.
    """
    link = unseal(request.GET.get("token", ""), ObjectLink)
    if is_withheld(link.sha256):
        raise _withheld(link)
    file = _published().local_path(link.sha256)
    if file is None:
        raise ObjectNotFoundError
    if link.ticket:
        answer = answer_for(request, etag=link.sha256, size=file.stat().st_size)
        follow(link.ticket, link.sha256, answer.span if request.method == "GET" else None)
    return serve_file(request, file, etag=link.sha256, filename=link.filename)


def _withheld(link: ObjectLink) -> ObjectWithheldError:
    """Who made the link for somebody knows more, and raises it: on hold for now, or withdrawn, and what replaces it."""
    if link.ticket:
        follow(link.ticket, link.sha256, None)
    return ObjectWithheldError()


def _chunks(request: HttpRequest) -> Iterator[bytes]:
    while chunk := request.read(CHUNK):
        yield chunk


def _incoming() -> LocalIncomingStore:
    store = storage.incoming()
    if not isinstance(store, LocalIncomingStore):
        raise ObjectNotFoundError
    return store


def _published() -> LocalPublishedStore:
    store = storage.published()
    if not isinstance(store, LocalPublishedStore):
        raise ObjectNotFoundError
    return store
