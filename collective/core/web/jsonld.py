"""JSON-LD inside a page: no text of a user may end the script element that it stands in."""

import json
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString

_ESCAPES = {ord(character): f"\\u{ord(character):04x}" for character in "<>&\u2028\u2029"}


def jsonld_script(data: Any) -> SafeString:
    """The element, ready for a page. Data blocks do not run, so the content policy lets them be."""
    text = json.dumps(data, ensure_ascii=False, allow_nan=False).translate(_ESCAPES)
    return format_html('<script type="application/ld+json">{}</script>', SafeString(text))  # no <, > or & is left
