"""One file of vectors, two programs that count, and X's own program as a witness."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from backend.connectors.manifest import CountRules
from backend.connectors.networks import manifests
from backend.publishing.counting import TLDS, count
from tests.peers.servers import PEERS, find_node

ROOT = PEERS.parent.parent
VECTORS: list[dict[str, Any]] = json.loads((Path(__file__).parent / "vectors.json").read_text())
NETWORKS = ("x", "mastodon", "bluesky", "threads", "telegram")
TOO_LONG = ["a" * 301, "👨‍👩‍👧‍👦" * 121, "é" * 1501, "https://exemple.fr/ " * 20, ""]


def rules(network: str) -> CountRules:
    return manifests()[network].counting


def run_node(script: str, given: Any) -> Any:
    done = subprocess.run(
        [find_node(), "--input-type=module", "-e", script],
        input=json.dumps(given), capture_output=True, text=True, cwd=ROOT, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("network", NETWORKS)
def test_python_counts_as_the_vectors_say(network: str) -> None:
    counted = {v["text"]: count(v["text"], rules(network)).used for v in VECTORS}
    assert counted == {v["text"]: v["used"][network] for v in VECTORS}


def test_the_browser_counts_exactly_as_the_server() -> None:
    script = """
        import { readFileSync } from "node:fs";
        import esbuild from "./extension/node_modules/esbuild/lib/main.js";
        const source = readFileSync("extension/shared/counting.ts", "utf8");
        const { code } = await esbuild.transform(source, { loader: "ts", format: "esm" });
        const { count } = await import("data:text/javascript;base64," + Buffer.from(code).toString("base64"));
        const { texts, rules } = JSON.parse(readFileSync(0, "utf8"));
        console.log(JSON.stringify(rules.map((one) => texts.map((text) => count(text, one)))));
    """
    texts = [v["text"] for v in VECTORS] + TOO_LONG
    every = [rules(network) for network in manifests()]
    browser = run_node(script, {"texts": texts, "rules": [asdict(one) for one in every]})
    assert browser == [[asdict(count(text, one)) for text in texts] for one in every]


def test_x_itself_counts_as_we_do() -> None:
    script = """
        import twitter from "./tests/peers/node_modules/twitter-text/dist/index.js";
        const texts = JSON.parse((await import("node:fs")).readFileSync(0, "utf8"));
        console.log(JSON.stringify(texts.map((text) => twitter.parseTweet(text).weightedLength)));
    """
    texts: Sequence[str] = [v["text"] for v in VECTORS]
    assert run_node(script, texts) == [count(text, rules("x")).used for text in texts]


def test_both_sides_know_the_same_names_of_domains() -> None:
    source = (ROOT / "extension/shared/counting.ts").read_text()
    quoted = source.split("const TLDS =", 1)[1].split(";", 1)[0]
    assert "".join(json.loads(part) for part in quoted.replace("+", "").split("\n") if part.strip()) == TLDS


@pytest.mark.parametrize(
    ("text", "used", "left", "fits"),
    [
        ("a" * 300, 300, 0, True),
        ("a" * 301, 301, -1, False),
        ("👨‍👩‍👧‍👦" * 120, 120, 0, True),  # 3,000 bytes: the second limit is reached first
        ("👨‍👩‍👧‍👦" * 121, 121, -25, False),  # what the PDS answers: "string too big (maximum 3000, got 3025)"
    ],
)
def test_bluesky_limits_graphemes_and_bytes(text: str, used: int, left: int, fits: bool) -> None:
    counted = count(text, rules("bluesky"))
    assert (counted.used, counted.left, counted.fits) == (used, left, fits)


def test_a_network_without_a_limit_always_fits() -> None:
    assert count("a" * 100_000, rules("whatsapp")).fits
