"""What an uploaded file is, told from its own bytes: nothing that a browser says about it is believed."""

from __future__ import annotations

import struct
from dataclasses import dataclass


@dataclass(frozen=True)
class Image:
    """Kind and size in pixels."""

    content_type: str
    extension: str
    width: int
    height: int


def read_image(content: bytes) -> Image | None:
    """PNG, JPEG, WebP or GIF; None for everything else, and for what is cut off before its size is known."""
    try:
        if content.startswith(b"\x89PNG\r\n\x1a\n") and content[12:16] == b"IHDR":
            return _checked("image/png", "png", *struct.unpack(">II", content[16:24]))
        if content[:6] in (b"GIF87a", b"GIF89a"):
            return _checked("image/gif", "gif", *struct.unpack("<HH", content[6:10]))
        if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
            return _checked("image/webp", "webp", *_webp_size(content))
        if content.startswith(b"\xff\xd8\xff"):
            return _checked("image/jpeg", "jpg", *_jpeg_size(content))
    except (struct.error, IndexError):
        return None
    return None


def _checked(content_type: str, extension: str, width: int, height: int) -> Image | None:
    return Image(content_type, extension, width, height) if width > 0 and height > 0 else None


def _webp_size(content: bytes) -> tuple[int, int]:
    # developers.google.com/speed/webp/docs/riff_container
    kind = content[12:16]
    if len(content) < 30:
        return 0, 0
    if kind == b"VP8X":
        return 1 + int.from_bytes(content[24:27], "little"), 1 + int.from_bytes(content[27:30], "little")
    if kind == b"VP8L":
        bits = int.from_bytes(content[21:25], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    if kind == b"VP8 ":
        width, height = struct.unpack("<HH", content[26:30])
        return width & 0x3FFF, height & 0x3FFF
    return 0, 0


def _jpeg_size(content: bytes) -> tuple[int, int]:
    place = 2
    while content[place] == 0xFF:
        marker = content[place + 1]
        if marker == 0xFF:  # padding
            place += 1
            continue
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):  # a start of frame
            height, width = struct.unpack(">HH", content[place + 5 : place + 9])
            return width, height
        place += 2 + struct.unpack(">H", content[place + 2 : place + 4])[0]
    return 0, 0
