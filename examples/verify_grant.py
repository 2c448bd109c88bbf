"""Prove a license without Data Collective: none of its code, no network, another JOSE library.

    pip install jwcrypto
    python verify_grant.py grant.jws --jwks jwks.json --license license.txt --dir folder --status list.jwt

Prints one outcome: header, unknown_key, signature, issuer_or_audience, not_yet, expired, license_text_mismatch,
manifest_mismatch, file_mismatch, revoked, status_unknown_since or ok. The exit status is 0 only for ok.
"""

import argparse
import base64
import hashlib
import json
import re
import sys
import zlib
from datetime import UTC, datetime
from pathlib import Path

from jwcrypto import jwk, jws
from jwcrypto.common import JWException

BIGGEST_INTEGER = 2**53 - 1
NO_MORE_THAN = 1024 * 1024
UNPACKED = 16 * 1024 * 1024
PAPERS = {".md", ".txt", ".json", ".jws", ".jwt", ".pdf"}  # beside the data in its folder


class Stop(Exception):
    """An outcome and a sentence."""


def main(arguments=None):
    options = read_options(arguments)
    outcome, sentence = verify(options)
    print(f"{outcome}: {sentence}".encode("ascii", "backslashreplace").decode())
    return 0 if outcome == "ok" else 1


def read_options(arguments):
    parser = argparse.ArgumentParser(description="Verify a saved license grant.")
    parser.add_argument("grant", type=Path)
    parser.add_argument("--jwks", type=Path, required=True)
    parser.add_argument("--issuer", default="")
    parser.add_argument("--license", type=Path)
    parser.add_argument("--manifest", type=Path)
    parser.add_argument("--dir", type=Path)
    parser.add_argument("--status", type=Path)
    parser.add_argument("--fresh", type=days, help="days: ok only with a status list of at most this age")
    parser.add_argument("--at", type=moment)
    return parser.parse_args(arguments)


def moment(text):
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def days(text):
    if int(text) < 0:
        raise ValueError("negative")
    return int(text)


def verify(options):
    jwks = json.loads(options.jwks.read_bytes())
    now = (options.at or datetime.now(tz=UTC)).timestamp()
    try:
        claims = open_token(read_token(options.grant), jwks, "dc-grant+jwt")
        own = mapping(claims.get("dc"))
        check_names(claims, options.issuer or mapping(jwks).get("issuer"))
        check_time(claims, own, now)
        if options.license:
            check_text(own, options.license.read_bytes())
        check_data(own, options.manifest, options.dir)
        if options.status:
            check_status(claims, own, options.status, jwks, now, options.fresh)
        elif options.fresh is not None:
            raise Stop("status_unknown_since", "there is no status list, and one was asked for")
    except Stop as stop:
        return stop.args
    known = "the status list says that it is not revoked" if options.status else "nobody looked whether it was revoked"
    return "ok", f"what was supplied belongs to this license; {known}"


# Tokens


def read_token(path):
    return path.read_bytes().decode("ascii", errors="replace").strip("\r\n")


def open_token(token, jwks, typ):
    parts = token.split(".")
    if len(token) > NO_MORE_THAN or len(parts) != 3:
        raise Stop("header", "this is not a signed token")
    header = header_of(parts[0], typ)
    key = key_named(header["kid"], jwks)
    try:
        for part in parts[1:]:
            octets(part)
        opened = jws.JWS()
        opened.allowed_algs = ["Ed25519"]
        opened.deserialize(token, key)
        claims = strict_json(opened.payload)
    except (JWException, ValueError) as error:
        raise Stop("signature", "the signature does not hold") from error
    if not isinstance(claims, dict):
        raise Stop("signature", "the payload is not an object")
    return claims


def header_of(part, typ):
    try:
        header = strict_json(octets(part))
    except ValueError as error:
        raise Stop("header", "the header cannot be read") from error
    if not isinstance(header, dict) or sorted(header) != ["alg", "kid", "typ"]:
        raise Stop("header", "the header must have alg, kid and typ, and nothing else")
    if header["alg"] != "Ed25519" or header["typ"] != typ or not isinstance(header["kid"], str):
        raise Stop("header", "the header does not say what it must")
    return header


def key_named(kid, jwks):
    keys = mapping(jwks).get("keys")
    found = [key for key in keys if mapping(key).get("kid") == kid] if isinstance(keys, list) else []
    if len(found) != 1:
        raise Stop("unknown_key", "there is not exactly one key with this name")
    wanted = {"kty": "OKP", "crv": "Ed25519"}
    if any(found[0].get(name) != value for name, value in wanted.items()):
        raise Stop("unknown_key", "the key is of another kind")
    if found[0].get("use", "sig") != "sig" or found[0].get("alg", "Ed25519") != "Ed25519":
        raise Stop("unknown_key", "the key is for something else")
    try:
        if len(octets(found[0]["x"])) != 32:
            raise ValueError("an Ed25519 key has 32 bytes")
        return jwk.JWK(**wanted, x=found[0]["x"])
    except (JWException, ValueError, KeyError, TypeError) as error:
        raise Stop("unknown_key", "the key cannot be read") from error


def octets(text):
    """Base64url as RFC 7515 writes it: no padding, and only the one spelling."""
    if not re.fullmatch(r"[A-Za-z0-9_-]+", text, re.ASCII):
        raise ValueError("not base64url")
    raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    if base64.urlsafe_b64encode(raw).rstrip(b"=").decode() != text:
        raise ValueError("not the one spelling")
    return raw


def strict_json(raw):
    def once(pairs):
        if len({name for name, _ in pairs}) != len(pairs):
            raise ValueError("a name occurs twice")
        return dict(pairs)

    def no_number(name):
        raise ValueError(name)

    try:
        return json.loads(raw.decode("utf-8"), object_pairs_hook=once, parse_constant=no_number)
    except RecursionError as error:
        raise ValueError("too deep") from error


# Claims


def check_names(claims, issuer):
    if claims.get("aud") != "dc-license-grant" or not issuer or claims.get("iss") != issuer:
        raise Stop("issuer_or_audience", "it is not a license grant of this site")


def check_time(claims, own, now):
    start, end = claims.get("nbf"), claims.get("exp")
    if not whole(start) or now < start:
        raise Stop("not_yet", "the license has not begun at that time")
    if end is None and own.get("perpetual") is True:
        return
    if not whole(end) or now >= end:
        raise Stop("expired", "the license has ended at that time")


def check_text(own, text):
    if hashlib.sha256(text).hexdigest() != mapping(own.get("license")).get("text_sha256"):
        raise Stop("license_text_mismatch", "the text is not the accepted one")


def check_data(own, path, folder):
    if path is None and folder is None:
        return
    manifest = json.loads((path or folder / "manifest.json").read_bytes())
    try:
        digest = hashlib.sha256(canonical(manifest).encode()).hexdigest()
    except ValueError as error:
        raise Stop("manifest_mismatch", "the manifest cannot be hashed") from error
    if digest != own.get("manifest_sha256"):
        raise Stop("manifest_mismatch", "the manifest is not the licensed one")
    if folder is not None:
        check_files(manifest, folder)


def check_files(manifest, folder):
    rows = mapping(manifest).get("files")
    if not isinstance(rows, list) or not all({"path", "sha256"} <= set(mapping(row)) for row in rows):
        raise Stop("manifest_mismatch", "the manifest does not name files with their hashes")
    named = {row["path"]: row["sha256"] for row in rows if row["path"] != "manifest.json"}
    for name, sha256 in sorted(named.items()):
        if name.startswith("/") or ".." in name.split("/"):
            raise Stop("file_mismatch", f"{name} lies outside of the folder")
        if digest_of(folder / name) != sha256:
            raise Stop("file_mismatch", f"{name} is missing or differs")
    found = sorted(file.relative_to(folder) for file in folder.rglob("*") if file.is_file())
    shown = [path for path in found if not path.parts[0].startswith(".")]
    data = [path.as_posix() for path in shown if len(path.parts) > 1 or path.suffix.lower() not in PAPERS]
    if extra := [name for name in data if name not in named]:
        raise Stop("file_mismatch", f"not in the manifest: {', '.join(extra[:5])}")


def digest_of(file):
    digest = hashlib.sha256()
    try:
        with file.open("rb") as source:
            for chunk in iter(lambda: source.read(1 << 20), b""):
                digest.update(chunk)
    except (OSError, ValueError):
        return None
    return digest.hexdigest()


def canonical(value):
    """RFC 8785 for what a manifest holds: no fractions, and no integer that a double cannot hold."""
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    if isinstance(value, str):
        value.encode()  # a lone surrogate raises ValueError
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, int) and abs(value) <= BIGGEST_INTEGER:
        return str(value)
    if isinstance(value, list):
        return "[" + ",".join(map(canonical, value)) + "]"
    if isinstance(value, dict):
        names = sorted(value, key=lambda name: name.encode("utf-16-be"))
        return "{" + ",".join(f"{canonical(name)}:{canonical(value[name])}" for name in names) + "}"
    raise ValueError("a number that this cannot write")


# Status


def check_status(claims, own, path, jwks, now, fresh):
    entry = mapping(own.get("status"))
    try:
        listed = open_token(read_token(path), jwks, "dc-status+jwt")
    except Stop as stop:
        raise Stop("status_unknown_since", "the status list cannot be trusted") from stop
    if listed.get("iss") != claims.get("iss") or listed.get("sub") != entry.get("statusListCredential"):
        raise Stop("status_unknown_since", "the status list is of other grants")
    if listed.get("statusPurpose") != "revocation" or entry.get("statusPurpose") != "revocation":
        raise Stop("status_unknown_since", "the status list is not one of revocations")
    since = "an unknown day"
    if whole(listed.get("iat")):
        since = datetime.fromtimestamp(listed["iat"], tz=UTC).date().isoformat()
    if is_revoked(listed.get("encodedList"), entry.get("statusListIndex")):
        raise Stop("revoked", f"the license was revoked; the list is from {since}")
    if not whole(listed.get("exp")) or now >= listed["exp"]:
        raise Stop("status_unknown_since", f"not known since {since}: the list is too old")
    if fresh is not None and (not whole(listed.get("iat")) or now - listed["iat"] > fresh * 86400):
        raise Stop("status_unknown_since", f"not known since {since}: the list is older than you accept")


def is_revoked(encoded, index):
    try:
        if not (isinstance(encoded, str) and encoded.startswith("u") and isinstance(index, str)):
            raise ValueError("not a list and a place")
        if not re.fullmatch("[0-9]{1,10}", index, re.ASCII):
            raise ValueError("not a place")
        reader = zlib.decompressobj(wbits=31)
        bits = reader.decompress(base64.urlsafe_b64decode(encoded[1:] + "=" * (-len(encoded[1:]) % 4)), UNPACKED)
        if not reader.eof or int(index) >= len(bits) * 8:
            raise ValueError("no such place")
    except (ValueError, zlib.error) as error:
        raise Stop("status_unknown_since", "the status list has no place for this grant") from error
    byte, bit = divmod(int(index), 8)
    return bits[byte] >> (7 - bit) & 1 == 1


def mapping(value):
    return value if isinstance(value, dict) else {}


def whole(value):
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**11


if __name__ == "__main__":
    sys.exit(main())
