"""A real nginx on a loopback port, with a configuration of the test's own, in one folder."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent

from tests.services.ports import free_port, stop, wait_for_port

PLACES = "/usr/sbin:/usr/bin:/usr/local/sbin"
FRAME = """\
daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log {folder}/error.log warn;
events {{ worker_connections 1024; }}
http {{
  access_log off;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  sendfile on;
  tcp_nopush on;
  {http}
  server {{
    listen 127.0.0.1:{port};
    {server}
  }}
}}
"""


@dataclass(frozen=True)
class Nginx:
    port: int
    pid: int


def nginx_binary() -> str | None:
    return shutil.which("nginx", path=PLACES)


@contextmanager
def running_nginx(folder: Path, server: str, *, http: str = "") -> Iterator[Nginx]:
    """`server` and `http` are what stands inside these blocks."""
    binary = nginx_binary()
    if binary is None:
        raise RuntimeError("Nginx is missing. Install it with: apt-get install nginx-light")
    folder.mkdir(parents=True)
    port = free_port()
    written = folder / "nginx.conf"
    written.write_text(FRAME.format(folder=folder, port=port, server=dedent(server), http=dedent(http)))
    command = [binary, "-p", str(folder), "-c", str(written), "-e", str(folder / "error.log")]
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL)
    try:
        wait_for_port(port, process)
        yield Nginx(port, process.pid)
    finally:
        stop(process)
