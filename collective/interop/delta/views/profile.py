"""The profile file, made of the key that asks for it.

A key is shown once, when it is made, and only its hash is kept. So nothing of ours can put it into a file later:
whoever holds it sends it, and gets the very same characters back inside of the file.
"""

from django.conf import settings
from django.http import HttpResponseBase, JsonResponse
from rest_framework.request import Request

from collective.accounts.api.authentication import sent_key
from collective.core.web.files import attachment
from collective.interop.delta import formats
from collective.interop.delta.views.base import DeltaView


class ProfileView(DeltaView):
    def get(self, request: Request) -> HttpResponseBase:
        made = formats.profile(self.key, endpoint=f"{settings.SITE_URL}/delta", token=sent_key(request) or "")
        response = JsonResponse(made, json_dumps_params={"indent": 2})
        response["Content-Disposition"] = attachment("config.share")
        return response
