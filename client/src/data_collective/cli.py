"""The command line. Results go to standard output, everything else to standard error."""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from data_collective import __version__
from data_collective.errors import INTERRUPTED, CollectiveError
from data_collective.extras import library_of
from data_collective.grants.command import STATUSES as VERIFY_STATUSES
from data_collective.grants.command import add_verify, run_verify
from data_collective.upload import Wishes, upload
from data_collective.words import printable

PATIENCE_SECONDS = 600.0
PARALLEL = (1, 6)
STATUSES = "Exit status: 0 done and compared, 2 wrong use, 3 refused by the site, 4 network, 5 integrity, 130 Ctrl-C."


def run() -> None:
    """The console script."""
    status = main(sys.argv[1:])
    sys.stderr.flush()
    if status:
        # Threads that hang in a dead connection would keep the process for a minute. Nothing of theirs is lost.
        os._exit(status)


def main(arguments: Sequence[str]) -> int:
    asked = vars(_parser().parse_args(arguments))
    perform: Callable[[dict[str, Any]], int] = asked.pop("perform")
    unread = asked.pop("unread")
    try:
        return perform(asked)
    except CollectiveError as error:
        sys.stderr.write(f"collective: {printable(str(error))}\n")
        return error.exit_code
    except KeyboardInterrupt:
        sys.stderr.write("collective: Stopped. Run the same command again to go on where it was.\n")
        return INTERRUPTED
    except BrokenPipeError:
        sys.stderr.write(f"collective: {unread}\n")
        return CollectiveError.exit_code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="collective", description="Data Collective from the command line.")
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_upload(commands.add_parser("upload", help="bring files into a contribution", epilog=STATUSES))
    _add_sync(commands.add_parser("sync", help="take withdrawn records out of a downloaded copy", epilog=STATUSES))
    verify = commands.add_parser("verify", help="prove a license without a network", epilog=VERIFY_STATUSES)
    verify.set_defaults(perform=run_verify, unread="The license was checked, but nobody reads the outcome any more.")
    add_verify(verify)
    return parser


def _upload(asked: dict[str, Any]) -> int:
    upload(Wishes(**asked), os.environ)
    return 0


def _sync(asked: dict[str, Any]) -> int:
    module = library_of("sync")
    module.sync(module.SyncWishes(**asked), os.environ)
    return 0


def _add_sync(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(perform=_sync, unread="All of it is done, but nobody reads what was found any more.")
    add = parser.add_argument
    add("path", type=Path, metavar="DIR", help="the folder that holds the copy, with Parquet files anywhere in it")
    add("--dataset", metavar="ORG/NAME", help="what it is a copy of; needed the first time only")
    add("--attest", metavar="NAME", help="sign with this name that all copies of these records are deleted")
    _add_access(parser)


def _add_upload(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(perform=_upload, unread="All of it is stored, but nobody reads the list of it any more.")
    add = parser.add_argument
    add("path", type=Path, metavar="PATH", help="a file, or a folder with everything in it")
    add("--dataset", required=True, metavar="ORG/NAME", help="the dataset that it is for")
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--contribution", metavar="ID", help="the contribution to add to")
    which.add_argument("--title", help="your draft of this title, or a new one; default: the name of PATH")
    add("--parallel", type=int, default=4, choices=range(PARALLEL[0], PARALLEL[1] + 1), help="parts at once (4)")
    _add_access(parser)


def _add_access(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--site", metavar="URL", help="default: COLLECTIVE_SITE, else HF_ENDPOINT")
    add("--key-file", type=Path, metavar="FILE", help="holds the API key; default: COLLECTIVE_TOKEN, else HF_TOKEN")
    add("--patience", type=float, default=PATIENCE_SECONDS, metavar="SECONDS", help="keep trying this long (600)")
