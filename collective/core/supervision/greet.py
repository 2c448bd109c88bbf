"""Wait until the site answers, then show the greeting: `python greet.py file`. The file's first line is the address."""

import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

PATIENCE_SECONDS = 60


def answers(url: str) -> bool:
    try:
        urllib.request.urlopen(url, timeout=2).close()  # noqa: S310 - our own address
    except urllib.error.HTTPError:
        return True  # an error page is an answer, too
    except OSError:
        return False
    return True


def main(greeting: Path) -> None:
    url, text = greeting.read_text().split("\n", 1)
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not answers(url):
        if time.monotonic() > deadline:
            sys.exit("The site does not answer yet; the lines above or the folder logs/ say why.")
        time.sleep(0.1)
    print(text, flush=True)  # noqa: T201 - the person at the terminal is who this is for


if __name__ == "__main__":
    main(Path(sys.argv[1]))
