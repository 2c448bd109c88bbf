"""Who may see the console."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache

from collective.core.errors import NotFoundError

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def operators_only(view: View[P]) -> View[P]:
    """An active member of staff, or the answer that a missing page gives."""

    @never_cache
    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        user = request.user
        if isinstance(user, AnonymousUser) or not (user.is_active and user.is_staff):
            raise NotFoundError
        return view(request, *args, **kwargs)

    return guarded
