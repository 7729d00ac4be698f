"""An image of a page, shared from the extension: cut and turned before it is attached, by mouse, by keys, undone."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.paired import Person, pair
from tests.e2e.server import running_server
from tests.e2e.work import violations
from tests.extension.browser import Extension, launch_chromium, screenshots_folder
from tests.peers.feeds import feed_server
from tests.waiting import wait_for

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]
WIDTH, HEIGHT = 600, 300


def png() -> bytes:
    """Red on the left half, blue on the right."""
    row = b"\0" + bytes((200, 30, 30)) * (WIDTH // 2) + bytes((30, 30, 200)) * (WIDTH // 2)

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(row * HEIGHT)) + chunk(b"IEND", b"")
    )


@dataclass
class Desk:
    chromium: Extension
    person: Person
    picture: str

    def share(self, **more: Any) -> Page:
        """What the button at a picture asks of the background; gives the composer's tab."""
        popup = self.chromium.open()
        asked = {"url": "https://forum.example/t/1", "text": "", "images": [self.picture], **more}
        with self.chromium.context.expect_page() as opened:
            self.chromium.send(popup, "share", asked)
        popup.close()
        page: Page = opened.value
        page.set_viewport_size({"width": 1000, "height": 800})
        return page

    def attached(self, page: Page) -> list[dict[str, Any]]:
        """The images of the draft as the server keeps it."""
        address: str = wait_for(lambda: page.evaluate("location.hash.includes('id=') && location.hash"))
        post = self.person.get(f"/posts/{address.partition('id=')[2].partition('&')[0]}")
        return [self.person.get(f"/media/{one['id']}") | {"alt": one["alt"]} for one in post["media"]]

    def sizes(self, page: Page) -> list[tuple[int, int]]:
        return [(one["width"], one["height"]) for one in self.attached(page)]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("pictures")
    with (
        feed_server() as feeds,
        running_server(folder / "server") as server,
        launch_chromium(folder / "profile", reduced_motion="reduce") as chromium,
    ):
        picture = feeds.put("/terrace.png", png(), content_type="image/png")
        yield Desk(chromium, pair(server, chromium), picture)


#: Which colours are at both ends of what is shown at this address, in the middle of its height.
ENDS = """(image) => { const canvas = document.createElement('canvas'); canvas.width = image.naturalWidth; canvas.height = image.naturalHeight;
  const pen = canvas.getContext('2d'); pen.drawImage(image, 0, 0); const at = (x) => [...pen.getImageData(x, canvas.height >> 1, 1, 1).data].slice(0, 3);
  return [at(1), at(canvas.width - 2)].map(([red, , blue]) => red > blue ? 'red' : 'blue').join(' '); }"""  # noqa: E501


def test_an_image_is_cut_by_keys_its_words_stay_and_undo_brings_it_back(desk: Desk) -> None:
    page = desk.share(edit=True)
    dialog = page.get_by_role("dialog", name="Edit the image")
    expect(dialog.get_by_role("status")).to_have_text("600 × 300 px")
    assert violations(page) == []
    dialog.get_by_role("button", name="Square").click()
    expect(dialog.get_by_role("status")).to_have_text("300 × 300 px")
    page.screenshot(path=screenshots_folder() / "compose-image-edit.png")
    frame = dialog.get_by_role("application")
    frame.focus()
    for _ in range(12):
        page.keyboard.press("ArrowRight")  # as far as it goes: the blue half
    for _ in range(4):
        page.keyboard.press("Shift+ArrowLeft")
    expect(dialog.get_by_role("status")).to_have_text("240 × 240 px")
    dialog.get_by_role("button", name="Use it so").click()
    expect(dialog).to_have_count(0)
    shown = page.locator(".compose-images img")
    assert shown.evaluate(ENDS) == "blue blue"
    page.get_by_label("Image 1, in words").fill("The terrace")
    wait_for(lambda: desk.sizes(page) == [(240, 240)])
    page.get_by_role("button", name="Undo").click()
    wait_for(lambda: desk.sizes(page) == [(WIDTH, HEIGHT)])
    wait_for(lambda: [one["alt"] for one in desk.attached(page)] == ["The terrace"])
    page.close()


def test_an_image_is_turned_and_cut_by_mouse(desk: Desk) -> None:
    page = desk.share()
    expect(page.locator(".compose-images img")).to_have_count(1)  # asked for by the background
    assert page.locator(".compose-images img").evaluate(ENDS) == "red blue"
    page.get_by_role("button", name="Edit image 1").click()
    dialog = page.get_by_role("dialog", name="Edit the image")
    dialog.get_by_role("button", name="Turn").click()
    expect(dialog.get_by_role("status")).to_have_text("300 × 600 px")
    dialog.get_by_role("button", name="Turn").click()
    # Upside down: what was red on the left is on the right. The corner is pulled to the middle.
    box = dialog.get_by_role("application").bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] - 4, box["y"] + box["height"] - 4)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2 - 4, box["y"] + box["height"] - 4, steps=5)
    page.mouse.up()
    dialog.get_by_role("button", name="Use it so").click()
    wait_for(lambda: desk.sizes(page) and abs(desk.sizes(page)[0][0] - 300) < 6)
    assert page.locator(".compose-images img").evaluate(ENDS) == "blue blue"
    page.close()


def test_what_is_given_up_leaves_the_image_as_it_was(desk: Desk) -> None:
    page = desk.share(edit=True)
    dialog = page.get_by_role("dialog", name="Edit the image")
    dialog.get_by_role("button", name="Wide 16:9").click()
    expect(dialog.get_by_role("status")).to_have_text("533 × 300 px")
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    wait_for(lambda: desk.sizes(page) == [(WIDTH, HEIGHT)])
    page.close()
