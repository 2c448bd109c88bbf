"""Pages by keyset: a page costs the same at the end of a list as at its start, and new rows shift nothing."""

from typing import Any
from urllib.parse import urlsplit

from django.core import signing
from rest_framework.pagination import Cursor
from rest_framework.pagination import CursorPagination as KeysetPagination
from rest_framework.request import Request
from rest_framework.utils.urls import replace_query_param

from collective.core.errors import InvalidError

_SALT = "collective.core.cursor"


class InvalidCursorError(InvalidError):
    code = "invalid_cursor"
    text = "This cursor is not one that we gave. Start again from the first page."


class InvalidLimitError(InvalidError):
    code = "invalid_limit"
    text = "`limit` is a whole number from 1 to {maximum}."


class CursorPagination(KeysetPagination):
    """`?limit=` from 1 to 100 and `?cursor=`. Newest first, as ids grow with time; a view may set another key."""

    page_size = 50
    max_page_size = 100
    page_size_query_param = "limit"
    ordering: Any = "-id"

    def get_page_size(self, request: Request) -> int:
        asked = request.query_params.get(self.page_size_query_param, str(self.page_size))
        if not (asked.isascii() and asked.isdigit() and len(asked) <= 3 and 1 <= int(asked) <= self.max_page_size):
            raise InvalidLimitError(maximum=self.max_page_size)
        return int(asked)

    def encode_cursor(self, cursor: Cursor) -> str:
        """The link to a page. Signed, so that no client's text ever reaches a comparison in the database."""
        sealed = signing.dumps([cursor.offset, cursor.reverse, cursor.position], salt=self._salt)
        return str(replace_query_param(self.base_url or "", self.cursor_query_param, sealed))

    def decode_cursor(self, request: Request) -> Cursor | None:
        sealed = request.query_params.get(self.cursor_query_param)
        if sealed is None:
            return None
        try:
            return Cursor(*signing.loads(sealed, salt=self._salt))
        except signing.BadSignature:
            raise InvalidCursorError from None

    @property
    def _salt(self) -> str:
        """A cursor is good for its own list in its own order: the key of another may be of another type."""
        return f"{_SALT}:{urlsplit(self.base_url or '').path}:{','.join(self.ordering)}"
