"""A real clamd on a socket, with one signature of our own: it starts in a moment and knows nothing of the world."""

import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.services.ports import stop

# The harmless text that every scanner knows, in two halves, so that no file of ours is one that scanners find.
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
NAME = "Eicar-Test.UNOFFICIAL"
STREAM_BYTES = 2 * 1024 * 1024

CONFIGURATION = """\
Foreground yes
DatabaseDirectory {folder}/signatures
TemporaryDirectory {folder}
LocalSocket {folder}/clamd.sock
StreamMaxLength {most}
MaxThreads 2
Bytecode no
"""


@contextmanager
def running_clamd() -> Iterator[str]:
    """Yields its address, as the setting SCANNER."""
    binary = shutil.which("clamd", path="/usr/sbin:/usr/bin:/usr/local/sbin")
    if binary is None:
        raise RuntimeError("clamd is missing. Install it with: apt-get install clamav-daemon")
    with tempfile.TemporaryDirectory(prefix="dc-") as name:  # short, because a socket's name must be
        folder = Path(name)
        (folder / "signatures").mkdir()
        # Type 0: any file; *: anywhere in it.
        (folder / "signatures" / "eicar.ndb").write_text(f"Eicar-Test:0:*:{EICAR.hex()}\n")
        (folder / "clamd.conf").write_text(CONFIGURATION.format(folder=folder, most=STREAM_BYTES))
        process = subprocess.Popen([binary, "--config-file", f"{folder}/clamd.conf"], stdout=subprocess.DEVNULL)
        try:
            _wait_for(folder / "clamd.sock", process)
            yield f"unix:{folder}/clamd.sock"
        finally:
            stop(process)


def _wait_for(socket: Path, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"clamd ended with {process.returncode}")
        if socket.exists():
            return
        time.sleep(0.02)
    raise RuntimeError("clamd does not open its socket")
