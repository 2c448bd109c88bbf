"""Files of kinds that are never taken, whatever they are called."""

import pickle  # noqa: TID251 - what is made here is refused, never loaded
from collections import OrderedDict
from functools import partial

from tests.unit.ingestion.hostile.zips import Case

VALUE = OrderedDict(a=[1], b="c" * 50)
BEGINNINGS = {
    "elf": b"\x7fELF\2\1\1\0",
    "pe": b"MZ\x90\0\3\0",
    "macho": b"\xcf\xfa\xed\xfe\7\0",
    "wasm": b"\0asm\1\0\0\0",
    "shell": b"#!/bin/sh\nrm -rf /\n",
    "ole": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500),
    "rtf": b"{\\rtf1 hello}",
    "hdf5": b"\x89HDF\r\n\x1a\n" + bytes(50),
    "npy": b"\x93NUMPY\1\0v\0{'descr': '|O', 'fortran_order': False, 'shape': (1,)}",
    "sqlite": b"SQLite format 3\0",
    "html": b"<!DOCTYPE html><script>alert(1)</script>",
    "svg": b"  <svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>",
    "xml": b"\xef\xbb\xbf<?xml version='1.0'?><!DOCTYPE x [<!ENTITY a 'b'>]>",
    "pdf": b"%PDF-1.7",
    "gif": b"GIF89a" + bytes(20),
    "tiff": b"II*\0" + bytes(20),
    "7z": b"7z\xbc\xaf\x27\x1c",
    "rar": b"Rar!\x1a\x07\1\0",
    "bz2": b"BZh91AY&SY" + bytes(10),
    "xz": b"\xfd7zXZ\0",
    "system": b"cos\nsystem\n(S'ls'\ntR.",
}
CASES: dict[str, Case] = {
    **{name: (partial(bytes, data), "refused_format") for name, data in BEGINNINGS.items()},
    **{f"pickle-{protocol}": (partial(pickle.dumps, VALUE, protocol), "refused_format") for protocol in range(6)},
    "pickle-1-empty": (lambda: pickle.dumps({}, 1), "refused_format"),
    "pickle-0-list": (lambda: pickle.dumps([1, 2, "x"], 0), "refused_format"),
    "binary": (lambda: b"a\0b\1c", "unknown_format"),
    "utf-16": (lambda: "a,b\n".encode("utf-16"), "not_utf8"),
    "latin-1": (lambda: "naïve,café\n".encode("latin-1"), "not_utf8"),
    "json-list": (lambda: b'[{"a": 1}]', "json_array"),
}
