"""What happens to one request to the API, in the order that the reference gives."""

import json
from dataclasses import dataclass, field
from traceback import format_exc
from typing import Any
from urllib.parse import urlsplit

from tests.standin.clockwork import tick
from tests.standin.contract import Op, check_request, check_response, decode, match, typed
from tests.standin.errors import Refusal, UnsupportedError, invalid, unsupported
from tests.standin.expansion import expanded
from tests.standin.faults import Fault
from tests.standin.idempotency import Asked
from tests.standin.noted import Noted
from tests.standin.routes import HANDLERS, Call, Obj
from tests.standin.settings import PIN
from tests.standin.state import State

TEST_KEYS = ("Bearer sk_test_", "Bearer rk_test_")

# See docs.stripe.com/error-low-level: the client is told that repeating it brings the same answer.
NO_RETRY = {"Stripe-Should-Retry": "false"}
# As a connected account, whose own objects are not kept here.
ON_BEHALF = {"stripe-account", "stripe-context"}


@dataclass(frozen=True)
class Asking:
    """One HTTP request. `target` with its query; names of headers in lower case."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes

    @property
    def path(self) -> str:
        return urlsplit(self.target).path

    @property
    def asked(self) -> Asked:
        return Asked(self.method, self.target, self.body)


@dataclass(frozen=True)
class Answer:
    status: int
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)


def answer(state: State, asking: Asking) -> Answer | None:
    """None: the connection is dropped."""
    with state.lock:
        tick(state)
        request_id = state.new_id("req")
        try:
            given = _answer(state, asking, request_id)
        except Refusal as refusal:
            given = _as_json(refusal.status, refusal.body)
        finally:
            state.call = None
        if state.faults.take(Fault.TIMEOUT_AFTER_COMMIT, f"{asking.method} {asking.path}"):
            return None
        return Answer(given.status, given.body, {"Request-Id": request_id, **given.headers})


def _answer(state: State, asking: Asking, request_id: str) -> Answer:
    _check_caller(state, asking)
    found = match(asking.method, asking.path)
    if found is None:
        raise _violation(state, 404, f"{asking.method} {asking.path} is no route of the API")
    op, ids = found
    params = _params(asking, op)
    if problems := check_request(op, params):
        raise _violation(state, 400, f"{op.verb} {op.path}: {'; '.join(problems)}", code="parameter_unknown")
    key = asking.headers.get("idempotency-key") if asking.method != "GET" else None
    call = Call(asking.path, ids, Noted(typed(op, params)), key, request_id)
    return _once(state, asking, op, call)


def _once(state: State, asking: Asking, op: Op, call: Call) -> Answer:
    """Executed unless the key was answered before."""
    subject = f"{asking.method} {asking.path}"
    if state.faults.take(Fault.RATE_LIMIT, subject):
        raise Refusal(429, "Too many requests.", code="rate_limit")
    stored = state.idempotency.find(call.key, asking.asked) if call.key else None
    if stored:
        return _answered(stored.status, stored.body, {"Idempotent-Replayed": "true"})
    if state.faults.take(Fault.CONFLICT, subject):
        raise Refusal(409, "Another request uses this key.", code="idempotency_key_in_use", type="idempotency_error")
    if state.faults.take(Fault.ERROR_500, subject):
        return _keep(state, asking, call, _broken())
    executed = _execute(state, op, call)
    if state.faults.take(Fault.ERROR_500_AFTER_COMMIT, subject):
        _keep(state, asking, call, executed if asking.asked.is_v2 else _broken())
        return _broken()
    return _keep(state, asking, call, executed)


def _execute(state: State, op: Op, call: Call) -> Answer:
    handler = HANDLERS.get((op.verb, op.path))
    if handler is None:
        raise _violation(state, 501, f"{op.verb} {op.path} has no handler")
    state.call = call
    try:
        made = expanded(state, handler(state, call), call.params.get("expand", []))
    except Refusal as refusal:
        if not refusal.stored:
            raise
        return _as_json(refusal.status, refusal.body)
    except UnsupportedError as problem:
        raise _violation(state, 501, f"{op.verb} {op.path}: {problem}") from problem
    except Exception as problem:
        # Whatever it is, the test that asked must fail, and say why.
        raise _violation(state, 500, f"{op.verb} {op.path}: {problem!r}\n{format_exc()}") from problem
    if ignored := call.params.ignored:
        state.violations.append(f"{op.verb} {op.path}: {unsupported(', '.join(ignored))}")
    if problems := check_response(op, made):
        state.violations.append(f"answer to {op.verb} {op.path}: {'; '.join(problems)}")
    return _as_json(200, made)


def _keep(state: State, asking: Asking, call: Call, given: Answer) -> Answer:
    if call.key:
        state.idempotency.keep(call.key, asking.asked, given.status, given.body)
    return given


def _check_caller(state: State, asking: Asking) -> None:
    if not asking.headers.get("authorization", "").startswith(TEST_KEYS):
        raise Refusal(401, "This is no test-mode key.")
    if (version := asking.headers.get("stripe-version")) != PIN:
        raise _violation(state, 400, f"{asking.method} {asking.path} asks for version {version} instead of {PIN}")
    if on_behalf := ON_BEHALF & asking.headers.keys():
        raise _violation(state, 501, f"{asking.method} {asking.path}: {unsupported(', '.join(on_behalf))}")


def _params(asking: Asking, op: Op) -> Obj:
    try:
        if asking.method != "POST":
            return decode(urlsplit(asking.target).query)
        if op.is_v2:
            return dict(json.loads(asking.body or b"{}"))
        return decode(asking.body.decode())
    except ValueError as problem:
        raise invalid(f"The body cannot be read: {problem}") from problem


def _violation(state: State, status: int, text: str, **error: Any) -> Refusal:
    state.violations.append(text)
    return Refusal(status, text, **error)


def _broken() -> Answer:
    body = {"error": {"type": "api_error", "message": "Something went wrong on Stripe's end."}}
    return _as_json(500, body)


def _as_json(status: int, body: Obj) -> Answer:
    return _answered(status, json.dumps(body).encode(), {})


def _answered(status: int, body: bytes, headers: dict[str, str]) -> Answer:
    return Answer(status, body, headers | NO_RETRY if status >= 500 else headers)
