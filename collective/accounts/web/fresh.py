"""Pages that need a person who has just shown who they are."""

import time
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from allauth.account.authentication import get_authentication_records
from allauth.core.exceptions import ReauthenticationRequired
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from collective.accounts.web.people import person

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def fresh_sign_in_required(view: View[P]) -> View[P]:
    """Signed in, or asked again, within the last five minutes; otherwise the person is asked now and then returns here.

    django-allauth's own decorator does not count the sign-in itself, and would ask twice within a minute.
    """

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        records = get_authentication_records(request, person(request))
        if not records or time.time() - records[-1]["at"] > settings.ACCOUNT_REAUTHENTICATION_TIMEOUT:
            raise ReauthenticationRequired
        return view(request, *args, **kwargs)

    return guarded
