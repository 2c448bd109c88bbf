"""What a key may do here. A session is the person; a key is only what its scopes say."""

from typing import Any, Final

from django.utils.translation import gettext as _
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from collective.accounts.models import ApiKey

# For `required_scope`: any living key will do.
ANY_SCOPE: Final = "*"


class HasScope(BasePermission):
    """`required_scope` of the view: one scope, ANY_SCOPE, or a dict of method → scope.

    A view or method that names none is for sessions only, so that a forgotten line locks and does not open. It says
    nothing about anonymous visitors: combine it with IsAuthenticated.
    """

    code = "scope_missing"
    message = ""

    def has_permission(self, request: Request, view: Any) -> bool:
        key = request.auth
        if not isinstance(key, ApiKey):
            return True
        scope = _required(view, request.method or "GET")
        if scope is None:
            self.code, self.message = "session_only", _("A key cannot do this. Sign in on the web site instead.")
            return False
        self.message = _("This key does not have the scope %(scope)s. Make one that has it.") % {"scope": scope}
        return scope == ANY_SCOPE or scope in key.scopes


def _required(view: Any, method: str) -> str | None:
    wanted: str | dict[str, str] | None = getattr(view, "required_scope", None)
    if isinstance(wanted, dict):
        return wanted.get("GET" if method in {"HEAD", "OPTIONS"} else method)
    return wanted
