"""The site's JSON API: one request, with its failures in our words."""

from collections.abc import Callable
from typing import Any, TypeVar

import httpx2

from data_collective import __version__
from data_collective.errors import NetworkError, PassingError, RefusedError
from data_collective.retry import Patience
from data_collective.settings import Access

Result = TypeVar("Result")
NOT_OURS = "does not answer as a Data Collective site does. Check --site, or install a newer version of this command."
TIMEOUT = httpx2.Timeout(60, connect=10)
USER_AGENT = f"data-collective-client/{__version__}"
# Refusals that mean "later", beside 5xx: a full minute of requests, and our own first try that is still under way.
PASSING_CODES = {"throttled", "idempotency_still_running"}


class Site:
    """Every request may be repeated without harm: the site's upload protocol promises it."""

    def __init__(self, *, access: Access, patience: Patience) -> None:
        self.address, self.patience = access.site, patience
        self._http = httpx2.Client(
            base_url=f"{access.site}/api/v1/",
            headers={"Authorization": f"Bearer {access.key}", "User-Agent": USER_AGENT, "Accept": "application/json"},
            timeout=TIMEOUT,
        )

    def get(self, path: str, read: Callable[[Any], Result]) -> Result:
        """What `read` makes of the answer. Raises RefusedError where it cannot."""
        return self._understood(read, self._ask("GET", path))

    def text(self, path: str) -> str:
        """An answer that is not JSON, as it is."""
        return str(self._ask("GET", path, headers={"Accept": "*/*"}, plain=True))

    def post(self, path: str, body: Any, read: Callable[[Any], Result], *, key: str = "") -> Result:
        """`key` makes the site perform a request once that is otherwise performed again."""
        headers = {"Idempotency-Key": key} if key else {}
        return self._understood(read, self._ask("POST", path, body, headers))

    def delete(self, path: str) -> None:
        self._ask("DELETE", path)

    def _understood(self, read: Callable[[Any], Result], told: Any) -> Result:
        try:
            return read(told)
        except (LookupError, TypeError, ValueError, AttributeError) as error:
            raise RefusedError(f"{self.address} {NOT_OURS}") from error

    def _ask(
        self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None, *, plain: bool = False
    ) -> Any:
        def once() -> Any:
            try:
                answer = self._http.request(method, path, json=body, headers=headers)
            except httpx2.TransportError as error:
                raise broken(error, f"The site {self.address}") from error
            self.patience.answered = True
            return answer.text if plain and answer.is_success else self._read(answer)

        return self.patience.keep_trying(once)

    def _read(self, answer: httpx2.Response) -> Any:
        if answer.status_code == httpx2.codes.NO_CONTENT:
            return None
        if answer.is_redirect:
            raise RefusedError(f"{self.address} leads to {answer.headers['Location']}. Use that address with --site.")
        told = _json(answer)
        if answer.is_success and told is not None:
            return told
        raise self._problem(answer, told if isinstance(told, dict) else {})

    def _problem(self, answer: httpx2.Response, told: dict[str, Any]) -> Exception:
        code, words = str(told.get("code", "")), _words(told)
        if answer.status_code >= httpx2.codes.INTERNAL_SERVER_ERROR or code in PASSING_CODES:
            return PassingError(words or f"The site answers {answer.status_code}.", retry_after=retry_after(answer))
        if not words:
            return RefusedError(f"{self.address} {NOT_OURS}")
        if answer.status_code == httpx2.codes.UNAUTHORIZED or code == "scope_missing":
            words += f" Keys are made at {self.address}/account/keys/."
        return RefusedError(words, code=code)


def broken(error: httpx2.TransportError, who: str) -> Exception:
    """A connection that failed. A wrong certificate does not get better by waiting."""
    if "CERTIFICATE_VERIFY_FAILED" in str(error):
        return NetworkError(f"{who} does not prove who it is: {error}. Check its address and this computer's clock.")
    if isinstance(error, httpx2.ConnectError | httpx2.ConnectTimeout):
        return PassingError(f"{who} cannot be reached.")
    return PassingError(f"The connection to {who[0].lower()}{who[1:]} was lost.")


def retry_after(answer: httpx2.Response) -> float:
    """In seconds; 0 where nothing or a date is said."""
    told = answer.headers.get("Retry-After", "")
    return float(told) if told.isascii() and told.isdigit() else 0.0


def _json(answer: httpx2.Response) -> Any:
    try:
        return answer.json()
    except ValueError:
        return None


def _words(told: dict[str, Any]) -> str:
    fields = [f"{name}: {' '.join(texts)}" for name, texts in told.get("fields", {}).items()]
    return " ".join([str(told.get("detail", "")), *fields]).strip()
