"""The stand-in as a program, for trying the rail without keys: `python -m tests.standin --port 12111 …`.

It forgets everything when it ends, which it does on SIGTERM.
"""

import signal
import sys
from argparse import ArgumentParser, Namespace
from threading import Event

from tests.standin.courier import delivering
from tests.standin.running import running_standin


def arguments() -> Namespace:
    parser = ArgumentParser(prog="python -m tests.standin", description="A stand-in for Stripe.")
    parser.add_argument("--port", type=int, default=0, help="0: a free one, which is printed")
    parser.add_argument("--snapshot-url", help="where v1 events go")
    parser.add_argument("--snapshot-secret", default="whsec_snapshot")
    parser.add_argument("--thin-url", help="where v2 events go")
    parser.add_argument("--thin-secret", default="whsec_thin")
    return parser.parse_args()


def main() -> int:
    given, ended = arguments(), Event()
    signal.signal(signal.SIGTERM, lambda *_: ended.set())
    signal.signal(signal.SIGINT, lambda *_: ended.set())
    with running_standin(port=given.port) as standin:
        if given.snapshot_url:
            standin.endpoint(snapshot=given.snapshot_url, secret=given.snapshot_secret)
        if given.thin_url:
            standin.endpoint(thin=given.thin_url, secret=given.thin_secret)
        print(standin.url, flush=True)
        with delivering(standin):
            ended.wait()
        for violation in standin.violations:
            print(violation, file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
