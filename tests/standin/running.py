"""A stand-in of one's own, in this process."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

from tests.standin.server import Server
from tests.standin.settings import Settings
from tests.standin.standin import Standin


@contextmanager
def running_standin(settings: Settings | None = None, *, port: int = 0) -> Iterator[Standin]:
    """`.url` is its address. Who uses it looks at `.violations` in the end: nothing may be there."""
    standin = Standin(settings)
    server = Server(standin, port)
    standin.url = standin.state.base = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield standin
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
