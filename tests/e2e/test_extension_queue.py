"""The server is away: it is said in words, what was asked is kept, and done later, once."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page, expect

from tests.databases import free_port
from tests.e2e.paired import Person, pair, start_pairing, stop_worker
from tests.e2e.server import running_server
from tests.extension.browser import Extension, launch_chromium, screenshots_folder
from tests.waiting import wait_for


def save_reply(popup: Page, text: str) -> None:
    popup.get_by_role("button", name="Add", exact=True).click()
    popup.get_by_role("menuitem", name="Save a reply").click()
    popup.get_by_label("Reply", exact=True).fill(text)
    popup.get_by_role("button", name="Keep it").click()


def texts(person: Person) -> list[str]:
    return sorted(reply["text"] for reply in person.get("/replies?limit=200")["items"])


def waiting(chromium: Extension) -> list[str]:
    return [item["about"] for item in chromium.stored().get("queue", []) if item["state"] == "waiting"]


def test_a_popup_opened_while_the_server_is_away_shows_the_list_last_read(tmp_path: Path) -> None:
    with launch_chromium(tmp_path / "profile") as chromium:
        with running_server(tmp_path / "server") as server:
            brand_id = pair(server, chromium).get("/brands")["items"][0]["id"]
            said = {"brand_id": brand_id, "url": "https://mastodon.example/@x/1", "text": "Vu au Café Lumière"}
            server.call("POST", "/mentions", said, token=server.token())
            popup = chromium.open()
            expect(popup.get_by_text("Vu au Café Lumière").first).to_be_visible()
            popup.close()
        popup = chromium.open()
        expect(popup.get_by_text("Vu au Café Lumière").first).to_be_visible()
        expect(popup.get_by_text("What you change now is kept here and sent once the server is back.")).to_be_visible()


def test_what_is_asked_while_the_server_is_away_is_done_once_when_it_is_back(tmp_path: Path) -> None:
    port = free_port()
    with launch_chromium(tmp_path / "profile") as chromium:
        with running_server(tmp_path / "server", port=port) as server:
            person = pair(server, chromium)
            before = texts(person)
            popup = chromium.open()
            expect(popup.get_by_role("button", name="Write")).to_be_visible()

        save_reply(popup, "Nous rouvrons samedi")
        expect(popup.get_by_text("kept and done when it is back").first).to_be_visible()
        save_reply(popup, "Thanks for telling us")
        expect(popup.get_by_text("The server is away. 2 things wait for it.")).to_be_visible()
        assert len(waiting(chromium)) == 2

        # Nothing of it lives in the worker's memory.
        stop_worker(chromium)
        popup.reload()
        popup.get_by_role("button", name="What waited for the server").click()
        expect(popup.get_by_role("listitem").filter(has_text="Nous rouvrons samedi")).to_be_visible()

        with running_server(tmp_path / "server", port=port) as server:
            person = Person(server, chromium)
            chromium.send(popup, "queue.flush")  # or by itself, within 30 s
            wait_for(lambda: waiting(chromium) == [], 20)
            assert texts(person) == sorted([*before, "Nous rouvrons samedi", "Thanks for telling us"])
            expect(popup.get_by_text("2 things were done while you were away")).to_be_visible()

            # Flushing again, also by a worker that was stopped in the middle, adds nothing.
            chromium.send(popup, "queue.flush")
            assert len(texts(person)) == len(before) + 2
        popup.get_by_role("button", name="Take out of the list").first.click()
        popup.get_by_role("button", name="Take out of the list").first.click()
        expect(popup.get_by_role("button", name="Take out of the list")).to_have_count(0)


def test_an_answer_that_was_lost_on_the_way_back_does_not_do_it_twice(tmp_path: Path) -> None:
    """The server did it, we never heard: the same idempotency key goes out again."""
    with running_server(tmp_path / "server") as server, launch_chromium(tmp_path / "profile") as chromium:
        person = pair(server, chromium)
        popup = chromium.open()
        chromium.send(popup, "reply.save", {"text": "Once only", "title": "Once", "post": None})
        key = "3c1f8f0e-0000-4000-8000-000000000001"
        item = {
            "id": key, "key": key, "at": "2026-11-23T09:00:00Z", "task": "reply.save", "about": "Lost",
            "ask": {"text": "Answer lost", "title": "Lost", "post": None}, "state": "waiting", "error": "", "copy": "",
        }  # fmt: skip
        for _ in range(2):
            chromium.worker().evaluate("(item) => chrome.storage.local.set({queue: [item]})", item)
            chromium.send(popup, "queue.flush")
            wait_for(lambda: waiting(chromium) == [])
        assert texts(person).count("Answer lost") == 1


def test_what_one_person_asked_for_is_not_done_as_the_next_who_connects_this_browser(tmp_path: Path) -> None:
    port = free_port()
    with launch_chromium(tmp_path / "profile") as chromium:
        with running_server(tmp_path / "server", port=port) as server:
            pair(server, chromium)
        popup = chromium.open()
        save_reply(popup, "Nous rouvrons samedi")
        expect(popup.get_by_text("kept and done when it is back").first).to_be_visible()
        chromium.send(popup, "pair.forget")
        popup.close()
        with running_server(tmp_path / "server", port=port) as server:
            owner = Person(server, chromium)
            brand_id = owner.get("/brands")["items"][0]["id"]
            before = texts(owner)
            bob = owner.post("/members", {"name": "Bob", "brand_roles": {brand_id: "editor"}})
            chromium.context.request.get(bob["login_link"])
            again = owner  # the same browser, whose cookie is Bob's now
            popup = chromium.open()
            start_pairing(popup, server)
            again.approve()
            expect(popup.get_by_text("1 thing that somebody else asked for here waits")).to_be_visible()
            save_reply(popup, "From Bob")
            wait_for(lambda: "From Bob" in texts(again))
            chromium.send(popup, "queue.flush")
            assert texts(again) == sorted([*before, "From Bob"])
            assert waiting(chromium) == ["Nous rouvrons samedi"]
            popup.screenshot(path=screenshots_folder() / "popup-others-wait.png")

            # Who asked for it comes back: now it is done, once.
            chromium.send(popup, "pair.forget")
            popup.close()
            owner = Person(server, chromium)
            popup = chromium.open()
            start_pairing(popup, server)
            owner.approve()
            wait_for(lambda: waiting(chromium) == [], 20)
            assert texts(owner) == sorted([*before, "From Bob", "Nous rouvrons samedi"])


def test_what_the_server_refuses_is_not_tried_for_ever(tmp_path: Path) -> None:
    port = free_port()
    with launch_chromium(tmp_path / "profile") as chromium:
        with running_server(tmp_path / "server", port=port) as server:
            pair(server, chromium)
        popup = chromium.open()
        save_reply(popup, "{{nonsense}}")
        save_reply(popup, "A good one")
        wait_for(lambda: len(waiting(chromium)) == 2)
        with running_server(tmp_path / "server", port=port) as server:
            person = Person(server, chromium)
            chromium.send(popup, "queue.flush")
            wait_for(lambda: waiting(chromium) == [], 20)
            assert "A good one" in texts(person)
            states = {item["about"]: item["state"] for item in chromium.stored()["queue"]}
            assert sorted(states.values()) == ["done", "failed"]


def test_the_queue_is_bounded_and_says_when_it_is_full(tmp_path: Path) -> None:
    port = free_port()
    with launch_chromium(tmp_path / "profile") as chromium:
        with running_server(tmp_path / "server", port=port) as server:
            pair(server, chromium)
        popup = chromium.open()
        kept = popup.evaluate(
            """async () => {
                const ask = (n) => ({text: `Reply ${n}`, title: `Reply ${n}`, post: null});
                const send = (n) => chrome.runtime.sendMessage({request: "reply.save", ask: ask(n)});
                const replies = await Promise.all(Array.from({length: 105}, (_, n) => send(n)));
                return replies.map(({error}) => [error.code, error.queued]);
            }"""
        )
        assert kept.count(["queued", True]) == 100
        assert kept.count(["queue_full", False]) == 5
        assert len(waiting(chromium)) == 100
