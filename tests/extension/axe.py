# ruff: noqa: E501 - scripts in long lines
"""What axe-core finds."""

from __future__ import annotations

from typing import Any

from tests.extension.browser import ROOT

AXE = ROOT / "tests" / "peers" / "node_modules" / "axe-core" / "axe.min.js"


def axe(page: Any, *within: str) -> list[str]:
    """What axe-core finds in these elements, shadow roots included."""
    if not page.evaluate("Boolean(window.axe)"):
        page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate(
        """async (within) => (await axe.run({include: within}, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice'], rules: {region: {enabled: false}}}))
            .violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.html + ' ' + n.failureSummary).join(' | ')}`)""",
        [[one] for one in within],
    )
    return list(found)
