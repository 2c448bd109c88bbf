"""Servers that speak the S3 protocol, two independent readings of it: rclone's (on disk) and moto's (in memory)."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from moto.server import ThreadedMotoServer

from tests.services.ports import free_port, stop, wait_for_port

ACCESS_KEY, SECRET_KEY, REGION = "test-access", "test-secret-0123456789", "us-east-1"


@dataclass(frozen=True)
class S3Server:
    port: int
    bucket: str

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def storage_url(self) -> str:
        """As the setting STORAGE_URL."""
        login = f"{quote(ACCESS_KEY)}:{quote(SECRET_KEY)}"
        return f"s3://{login}@127.0.0.1:{self.port}/{self.bucket}?region={REGION}&secure=0"


@contextmanager
def running_rclone(folder: Path, *, bucket: str = "collective") -> Iterator[S3Server]:
    (folder / bucket).mkdir(parents=True)
    port = free_port()
    binary = Path(sys.executable).with_name("rclone")
    command = [str(binary), "serve", "s3", "--auth-key", f"{ACCESS_KEY},{SECRET_KEY}", "--addr", f"127.0.0.1:{port}"]
    process = subprocess.Popen([*command, "--config", "", str(folder)], stderr=subprocess.DEVNULL)
    try:
        wait_for_port(port, process)
        yield S3Server(port, bucket)
    finally:
        stop(process)
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def running_moto(*, bucket: str = "collective") -> Iterator[S3Server]:
    import boto3  # noqa: TID251 - a bucket must exist before the store under test looks for it

    port = free_port()
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=port, verbose=False)
    server.start()
    try:
        client = boto3.client(
            "s3",
            endpoint_url=f"http://127.0.0.1:{port}",
            aws_access_key_id=ACCESS_KEY,
            aws_secret_access_key=SECRET_KEY,
            region_name=REGION,
        )
        client.create_bucket(Bucket=bucket)
        yield S3Server(port, bucket)
    finally:
        server.stop()
