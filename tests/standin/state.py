"""Everything the stand-in knows, behind one lock."""

import secrets
from collections import defaultdict
from random import Random
from threading import RLock
from typing import Any

from tests.standin.clock import Clock
from tests.standin.contract import skeleton
from tests.standin.errors import missing
from tests.standin.faults import Faults
from tests.standin.idempotency import Idempotency
from tests.standin.routes import Call, Obj
from tests.standin.settings import Settings
from tests.standin.webhooks import Webhooks


class State:
    def __init__(self, settings: Settings | None = None) -> None:
        self.settings = settings or Settings()
        self.lock = RLock()
        self.clock = Clock()
        self.chance = Random(self.settings.seed)
        self.faults = Faults(self.chance)
        self.idempotency = Idempotency(self.clock)
        self.webhooks = Webhooks(self.clock, self.faults, self.chance)
        self.violations: list[str] = []
        self.base = ""
        self.ticked = 0
        self.call: Call | None = None
        # What an object's own fields do not tell: how a session was asked for, which line items it has.
        self.notes: dict[str, Obj] = defaultdict(dict)
        self.available: dict[str, int] = defaultdict(int)
        self.pending: dict[str, Obj] = {}
        # Balances of connected accounts, by account and currency.
        self.connected: dict[tuple[str, str], int] = defaultdict(int)
        self._objects: dict[str, dict[str, Obj]] = defaultdict(dict)

    def now(self) -> int:
        return self.clock.now()

    def new_id(self, prefix: str) -> str:
        return f"{prefix}_{secrets.token_hex(12)}"

    def add(self, obj: Obj, *, named: str | None = None) -> Obj:
        """`named`: how it is found, when it has no id of its own."""
        self._objects[obj["object"]][named or obj["id"]] = obj
        return obj

    def make(self, kind: str, prefix: str, **known: Any) -> Obj:
        known = {"id": self.new_id(prefix), "object": kind, "created": self.now(), **known}
        return self.add(skeleton(kind, **known))

    def all(self, kind: str) -> list[Obj]:
        """In the order of their making."""
        return list(self._objects[kind].values())

    def get(self, kind: str, named: str) -> Obj:
        found = self._objects[kind].get(named)
        if found is None:
            raise missing(kind, named)
        return found

    def find(self, named: str) -> Obj | None:
        """Whatever has this id."""
        return next((objects[named] for objects in self._objects.values() if named in objects), None)
