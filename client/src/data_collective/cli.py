"""The command line. Results go to standard output, everything else to standard error."""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from data_collective import __version__
from data_collective.errors import INTERRUPTED, CollectiveError
from data_collective.grants.command import STATUSES as VERIFY_STATUSES
from data_collective.grants.command import add_verify, run_verify
from data_collective.upload import Wishes, upload
from data_collective.words import printable

PATIENCE_SECONDS = 600.0
PARALLEL = (1, 6)
STATUSES = "Exit status: 0 stored and compared, 2 wrong use, 3 refused by the site, 4 network, 5 integrity, 130 Ctrl-C."


def run() -> None:
    """The console script."""
    status = main(sys.argv[1:])
    sys.stderr.flush()
    if status:
        # Threads that hang in a dead connection would keep the process for a minute. Nothing of theirs is lost.
        os._exit(status)


def main(arguments: Sequence[str]) -> int:
    options = vars(_parser().parse_args(arguments))
    command: Callable[[argparse.Namespace], int] = options.pop("command")
    try:
        return command(argparse.Namespace(**options))
    except CollectiveError as error:
        sys.stderr.write(f"collective: {printable(str(error))}\n")
        return error.exit_code
    except KeyboardInterrupt:
        sys.stderr.write("collective: Stopped. Run the same command again to go on where it was.\n")
        return INTERRUPTED
    except BrokenPipeError:
        sys.stderr.write("collective: All of it is stored, but nobody reads the list of it any more.\n")
        return CollectiveError.exit_code


def _upload(options: argparse.Namespace) -> int:
    upload(Wishes(**vars(options)), os.environ)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="collective", description="Data Collective from the command line.")
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_upload(commands.add_parser("upload", help="bring files into a contribution", epilog=STATUSES))
    verify = commands.add_parser("verify", help="prove a license without a network", epilog=VERIFY_STATUSES)
    add_verify(verify)
    verify.set_defaults(command=run_verify)
    return parser


def _add_upload(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(command=_upload)
    add = parser.add_argument
    add("path", type=Path, metavar="PATH", help="a file, or a folder with everything in it")
    add("--dataset", required=True, metavar="ORG/NAME", help="the dataset that it is for")
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--contribution", metavar="ID", help="the contribution to add to")
    which.add_argument("--title", help="your draft of this title, or a new one; default: the name of PATH")
    add("--site", metavar="URL", help="default: COLLECTIVE_SITE, else HF_ENDPOINT")
    add("--key-file", type=Path, metavar="FILE", help="holds the API key; default: COLLECTIVE_TOKEN, else HF_TOKEN")
    add("--parallel", type=int, default=4, choices=range(PARALLEL[0], PARALLEL[1] + 1), help="parts at once (4)")
    add("--patience", type=float, default=PATIENCE_SECONDS, metavar="SECONDS", help="keep trying this long (600)")
