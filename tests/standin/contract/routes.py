"""What can be asked of Stripe: every route that the installed client knows, read from its own source."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import stripe

ROOT = Path(stripe.__file__).parent
SENDERS = {"_request", "_request_stream"}


@dataclass(frozen=True)
class Op:
    """One route. `params` and `ret` are type expressions, as the service's `module` writes them."""

    verb: str
    path: str
    params: str
    ret: str
    module: str

    @property
    def is_v2(self) -> bool:
        return self.path.startswith("/v2/")

    @property
    def placeholders(self) -> tuple[str, ...]:
        return tuple(re.findall(r"{(\w+)}", self.path))


@cache
def routes() -> tuple[Op, ...]:
    return tuple(op for source in sorted(ROOT.rglob("*_service.py")) for op in _routes_of(source))


def match(verb: str, path: str) -> tuple[Op, dict[str, str]] | None:
    """The route of a request, and what stands in its placeholders; the one with the fewest when several fit."""
    found = ((op, pattern.fullmatch(path)) for op, pattern in _patterns() if op.verb == verb.upper())
    fitting = [(op, hit.groupdict()) for op, hit in found if hit]
    return min(fitting, key=lambda pair: len(pair[1]), default=None)


@cache
def _patterns() -> tuple[tuple[Op, re.Pattern[str]], ...]:
    return tuple((op, _pattern(op.path)) for op in routes())


def _pattern(path: str) -> re.Pattern[str]:
    pieces = re.split(r"{(\w+)}", path)
    return re.compile("".join(f"(?P<{p}>[^/]+)" if i % 2 else re.escape(p) for i, p in enumerate(pieces)))


def _routes_of(source: Path) -> Iterator[Op]:
    module = ".".join(("stripe", *source.relative_to(ROOT).with_suffix("").parts))
    tree = ast.parse(source.read_text(encoding="utf-8"))
    for service in (node for node in tree.body if isinstance(node, ast.ClassDef)):
        for method in (node for node in service.body if isinstance(node, ast.FunctionDef)):
            call = _call_of(method)
            path = call and _path_of(call.args[1])
            if call and path and isinstance(call.args[0], ast.Constant):
                yield Op(str(call.args[0].value).upper(), path, _params_of(method), _ret_of(method), module)


def _call_of(method: ast.FunctionDef) -> ast.Call | None:
    calls = (node for node in ast.walk(method) if isinstance(node, ast.Call))
    senders = (call for call in calls if isinstance(call.func, ast.Attribute) and call.func.attr in SENDERS)
    return next((call for call in senders if len(call.args) >= 2), None)


def _path_of(argument: ast.expr) -> str | None:
    if isinstance(argument, ast.Call) and isinstance(argument.func, ast.Attribute):  # "…{id}…".format(id=…)
        argument = argument.func.value
    return argument.value if isinstance(argument, ast.Constant) and isinstance(argument.value, str) else None


def _params_of(method: ast.FunctionDef) -> str:
    """Every route declares its parameters, also when it has none; one that did not would end the scan here."""
    declared = (
        a.annotation for a in (*method.args.posonlyargs, *method.args.args) if a.arg == "params" and a.annotation
    )
    return next(hit.group() for hit in (re.search(r"[\w.]*Params\b", ast.unparse(a)) for a in declared) if hit)


def _ret_of(method: ast.FunctionDef) -> str:
    """The return annotation without its quotes."""
    return ast.unparse(method.returns).strip("'\"") if method.returns else "None"
