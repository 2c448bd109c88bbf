"""How the API's description says that a key is sent: as a bearer token, or as the password of Basic."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension


class ApiKeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # registers itself; has no types
    target_class = "collective.accounts.api.authentication.ApiKeyAuthentication"
    name = ["keyAsBearer", "keyAsPassword"]

    def get_security_requirement(self, auto_schema: Any) -> list[dict[str, list[Any]]]:
        """Either, not both."""
        return [{name: []} for name in self.name]

    def get_security_definition(self, auto_schema: Any) -> list[dict[str, str]]:
        return [
            {"type": "http", "scheme": "bearer", "bearerFormat": "dck_live_…"},
            {"type": "http", "scheme": "basic", "description": "Any user name; the key is the password."},
        ]
