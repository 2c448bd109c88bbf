"""Who holds this key."""

from django.http import HttpResponseBase, JsonResponse
from rest_framework.exceptions import NotAuthenticated
from rest_framework.request import Request

from collective.accounts.selectors import memberships_of, personal_organization
from collective.interop.hub import formats
from collective.interop.hub.views.base import HubView


class WhoAmIView(HubView):
    def get(self, request: Request) -> HttpResponseBase:
        if self.key is None:
            raise NotAuthenticated
        user = self.key.owner
        name = personal_organization(user).slug
        return JsonResponse(formats.account(user, self.key, name=name, memberships=memberships_of(user)))
