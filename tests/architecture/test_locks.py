"""Row locks never wait for a row that only refers to the locked one."""

import ast
from pathlib import Path

from django.conf import settings

OURS = ("collective", "ingestion", "licensing", "payments")


def test_every_row_lock_leaves_the_key_alone() -> None:
    """PostgreSQL takes a share of the key of every row that a new row refers to, at commit even. A lock on the key
    would make that commit wait, with all the locks it holds: two services then wait for each other."""
    trees = {path: ast.parse(path.read_text()) for app in OURS for path in (settings.BASE_DIR / app).rglob("*.py")}
    locks = [(path, call) for path, tree in trees.items() for call in ast.walk(tree) if _is_lock(call)]
    assert locks
    assert [_place(path, call) for path, call in locks if not _leaves_key(call)] == []


def _is_lock(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "select_for_update"


def _leaves_key(call: ast.AST) -> bool:
    return isinstance(call, ast.Call) and any(keyword.arg == "no_key" for keyword in call.keywords)


def _place(path: Path, call: ast.AST) -> str:
    return f"{path.relative_to(settings.BASE_DIR)}:{getattr(call, 'lineno', 0)}"
