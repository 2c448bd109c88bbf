"""What a file that somebody sends as evidence is, by its bytes; its name decides nothing."""

PDF, PNG, JPEG, TEXT = "application/pdf", "image/png", "image/jpeg", "text/plain"
ENDINGS = {PDF: "pdf", PNG: "png", JPEG: "jpg", TEXT: "txt"}
BYTES_MAX = 5 * 1024 * 1024
NAME_MAX = 150


def media_type_of(content: bytes) -> str:
    """One of the four that are taken, or an empty text."""
    if content.startswith(b"%PDF-"):
        return PDF if b"%%EOF" in content[-1024:] else ""
    if content.startswith(b"\x89PNG\r\n\x1a\n") and content[12:16] == b"IHDR" and b"IEND" in content[-12:]:
        return PNG
    if content.startswith(b"\xff\xd8\xff") and content.rstrip(b"\0").endswith(b"\xff\xd9"):
        return JPEG
    return TEXT if _is_text(content) else ""


def is_proof(content: bytes) -> bool:
    """What proves consent: a document, a picture or a recording."""
    return bool(media_type_of(content)) or _is_audio(content)


def _is_audio(content: bytes) -> bool:
    """WAVE, FLAC, Ogg, MPEG-4 audio, or MP3 with a tag or from its first frame on."""
    riff = content.startswith(b"RIFF") and content[8:12] == b"WAVE"
    mpeg4 = content[4:8] == b"ftyp" and content[8:12] in {b"M4A ", b"mp42", b"isom"}
    frame = len(content) > 3 and content[0] == 0xFF and content[1] in {0xFB, 0xF3, 0xF2, 0xFA}
    return riff or mpeg4 or frame or content.startswith((b"fLaC", b"OggS", b"ID3"))


def safe_name(name: str, media_type: str) -> str:
    """The last part of the name without control characters, and with the ending that fits the bytes."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    stem = "".join(each for each in last if each.isprintable()).rsplit(".", 1)[0].strip(" .")
    return f"{stem[: NAME_MAX - 5] or 'evidence'}.{ENDINGS[media_type]}"


def _is_text(content: bytes) -> bool:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    return bool(text.strip()) and all(each >= " " or each in "\t\n\r" for each in text)
