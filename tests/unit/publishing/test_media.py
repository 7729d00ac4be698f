"""What a file is, is told from its bytes; and it is kept once."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.infra.errors import Invalid, TooLarge
from backend.publishing.images import read_image
from backend.publishing.media import MOST_BYTES, file_path, store_file
from tests.unit.publishing.pictures import gif, jpeg, png, webp

PICTURES = {
    "image/png": [png(640, 480)],
    "image/gif": [gif(640, 480)],
    "image/jpeg": [jpeg(640, 480)],
    "image/webp": [webp("VP8X", 640, 480), webp("VP8L", 640, 480), webp("VP8", 640, 480)],
}
BAD = [b"", b"GIF89a", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"MZ" * 50,
       png(0, 5), jpeg()[:20], webp()[:20], b"RIFF\x00\x00\x00\x00WEBPABCD" + b"\x00" * 30]  # fmt: skip


@pytest.mark.parametrize("content_type", PICTURES)
def test_the_kind_and_the_size_are_read_from_the_bytes(content_type: str) -> None:
    for content in PICTURES[content_type]:
        image = read_image(content)
        assert image is not None
        assert (image.content_type, image.width, image.height) == (content_type, 640, 480)


@pytest.mark.parametrize("content", BAD)
def test_what_is_no_image_is_refused(content: bytes, tmp_path: Path) -> None:
    with pytest.raises(Invalid):
        store_file(tmp_path, content)
    assert list(tmp_path.iterdir()) == []


@given(
    st.sampled_from([b"", b"\xff\xd8\xff", b"GIF89a", b"\x89PNG\r\n\x1a\n____IHDR", b"RIFF____WEBPVP8 "]), st.binary()
)
def test_no_bytes_are_too_strange_to_be_read(start: bytes, rest: bytes) -> None:
    read_image(start + rest)


def test_the_same_file_is_kept_once(tmp_path: Path) -> None:
    first, second = store_file(tmp_path, png()), store_file(tmp_path, png())
    assert first == second
    path = file_path(tmp_path, first.digest, "image/png")
    assert path.read_bytes() == png()
    assert [one for one in tmp_path.rglob("*") if one.is_file()] == [path]


def test_a_file_that_is_too_large_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TooLarge):
        store_file(tmp_path, png() + b"\x00" * MOST_BYTES)
