"""Doing one thing in many threads at the same moment, each with its own database connection."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from django.db import connection

Result = TypeVar("Result")


def at_once(count: int, do: Callable[[], Result]) -> list[Result | Exception]:
    """What each returned or raised."""
    gate = threading.Barrier(count)

    def one(_: int) -> Result | Exception:
        gate.wait()
        try:
            return do()
        except Exception as error:  # noqa: BLE001 - the test judges it
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(one, range(count)))
