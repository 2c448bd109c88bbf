"""`python -m tests.standin.beside COMMAND…`: run a command on the Stripe rail, with a stand-in beside it.

The stand-in lives as long as the command and forgets everything with it. `STANDIN_PORT` names its port (12111).
"""

import os
import signal
import subprocess
import sys

from tests.standin.courier import delivering
from tests.standin.running import running_standin
from tests.standin.standin import Standin

SECRETS = {"snapshot": "whsec_standin_snapshot", "thin": "whsec_standin_thin"}


def main() -> int:
    site = f"http://127.0.0.1:{os.environ.get('PORT', '8000')}"
    with running_standin(port=int(os.environ.get("STANDIN_PORT", "12111"))) as standin:
        standin.endpoint(snapshot=f"{site}/stripe/snapshot", secret=SECRETS["snapshot"])
        standin.endpoint(thin=f"{site}/stripe/thin", secret=SECRETS["thin"])
        print(f"Payments go to a stand-in for Stripe at {standin.url}. No money moves.", flush=True)
        with delivering(standin):
            status = run(sys.argv[1:], environment(standin))
        for violation in standin.violations:
            print(violation, file=sys.stderr)
    return status or bool(standin.violations)


def environment(standin: Standin) -> dict[str, str]:
    return {
        **os.environ,
        "PAYMENT_RAIL": "stripe",
        "STRIPE_SECRET_KEY": standin.key,
        "STRIPE_API_BASE": standin.url,
        "STRIPE_SNAPSHOT_SECRET": SECRETS["snapshot"],
        "STRIPE_THIN_SECRET": SECRETS["thin"],
    }


def run(command: list[str], variables: dict[str, str]) -> int:
    """Signals go on to the command; what it answers is the answer."""
    child = subprocess.Popen(command, env=variables)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda received, _: child.send_signal(received))
    return child.wait()


if __name__ == "__main__":
    sys.exit(main())
