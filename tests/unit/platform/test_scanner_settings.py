"""SCANNER is off, or an address that makes sense; a typing error is told at the start and not by unscanned files."""

import pytest
from environs import Env

from collective.settings.parts import scanner_address, scanner_stream_bytes
from collective.settings.refusal import StartRefusedError


@pytest.mark.parametrize("address", ["off", "tcp://scanner:3310", "tcp://[::1]:3310", "unix:/run/clamav/clamd.ctl"])
def test_an_address_is_taken_as_it_is(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCANNER", address)
    assert scanner_address(Env()) == address


@pytest.mark.parametrize("text", [None, ""])
def test_unset_is_off(text: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SCANNER", raising=False)
    if text is not None:
        monkeypatch.setenv("SCANNER", text)
    assert scanner_address(Env()) == "off"


@pytest.mark.parametrize(
    "address", ["on", "scanner:3310", "tcp://scanner", "tcp://:3310", "tcp://a:port", "unix:clamd"]
)
def test_anything_else_is_refused_by_name(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCANNER", address)
    with pytest.raises(StartRefusedError) as refusal:
        scanner_address(Env())
    assert (
        refusal.value.sentence == f"SCANNER is {address}: set it to off, tcp://host:port or unix:/path/of/clamd.sock."
    )


def test_streams_that_are_too_short_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCANNER_STREAM_BYTES", "1048575")
    with pytest.raises(StartRefusedError):
        scanner_stream_bytes(Env())
    monkeypatch.setenv("SCANNER_STREAM_BYTES", "1048576")
    assert scanner_stream_bytes(Env()) == 1048576
