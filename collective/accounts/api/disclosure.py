"""Where a secret scanner reports keys of ours that it found in public."""

from drf_spectacular.utils import OpenApiParameter, extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from collective.accounts import services

IDENTIFIER, SIGNATURE = "Github-Public-Key-Identifier", "Github-Public-Key-Signature"


FOUND = inline_serializer(
    "FoundKey",
    {name: serializers.CharField(required=name == "token") for name in ("token", "type", "url", "source")},
    many=True,
)
VERDICT = inline_serializer(
    "FoundKeyVerdict",
    {
        "token_hash": serializers.CharField(help_text="Base64 of the SHA-256 of the token."),
        "token_type": serializers.CharField(),
        "label": serializers.ChoiceField(choices=["true_positive", "false_positive"]),
    },
    many=True,
)


class DisclosureView(APIView):
    """The signature is the permission: 401 for any other, and then nothing is revoked."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    @extend_schema(
        parameters=[
            OpenApiParameter(name, str, OpenApiParameter.HEADER, required=True) for name in (IDENTIFIER, SIGNATURE)
        ],
        request=FOUND,
        responses=VERDICT,
    )
    def post(self, request: Request) -> Response:
        named = {"key_identifier": request.headers.get(IDENTIFIER, ""), "signature": request.headers.get(SIGNATURE, "")}
        return Response(services.disclose_keys(body=request.body, **named))
