"""An API key in the Authorization header: as a bearer token, or as the password of Basic with any user name."""

import base64
import binascii

import structlog
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from collective.accounts.domain.keys import PREFIX
from collective.accounts.errors import BadApiKeyError, KeyInAddressError
from collective.accounts.models import ApiKey, User
from collective.accounts.services import authenticate_api_key

log = structlog.get_logger()


class ApiKeyAuthentication(BaseAuthentication):
    """Sets `request.user` to the key's owner and `request.auth` to the ApiKey."""

    def authenticate(self, request: Request) -> tuple[User, ApiKey] | None:
        _refuse_key_in_address(request)
        plaintext = sent_key(request)
        if plaintext is None:
            return None
        try:
            key = authenticate_api_key(plaintext=plaintext)
        except BadApiKeyError as error:
            raise AuthenticationFailed(error.message, code=error.code) from error
        return key.owner, key

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="api"'


def sent_key(request: Request) -> str | None:
    """As it came. None without a header for us; an empty text, which is no key, when Basic is malformed."""
    scheme, _, credentials = request.headers.get("Authorization", "").partition(" ")
    return _plaintext(scheme.lower(), credentials.strip())


def _plaintext(scheme: str, credentials: str) -> str | None:
    if scheme == "bearer":
        return credentials
    if scheme != "basic":
        return None
    try:
        return base64.b64decode(credentials, validate=True).decode().partition(":")[2]
    except (binascii.Error, UnicodeDecodeError):
        return ""


def _refuse_key_in_address(request: Request) -> None:
    values = (value for name in request.query_params for value in request.query_params.getlist(name))
    exposed = next((value for value in values if value.startswith(f"{PREFIX}_")), None)
    if exposed is not None:
        log.warning("api_key.in_address", key=exposed[: len(PREFIX) + 9], path=request.path)
        raise KeyInAddressError
