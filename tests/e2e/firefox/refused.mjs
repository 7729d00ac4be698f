// A server that is slow, broken, or refuses, while a person answers. Asked for by test_extension_life_firefox.py.
import { click, openPage, ours, screenshot, seen, send, waitFor, walk, wanted } from "./driver.mjs";

/** From now on (tests/e2e/between.py). */
const stand = (what) => fetch(`${wanted.base}/between`, { method: "PUT", body: JSON.stringify(what) });
const gone = (page) => waitFor("no panel", async () => (await ours(page, ".panel")).length === 0);
const inBox = (page) => page.evaluate(() => document.querySelector(".reply-box textarea")?.value);
const inPanel = (page) =>
  page.evaluate(() => {
    const roots = [...document.querySelectorAll("entregent-bar")].map((bar) => bar.shadowRoot);
    return roots.map((root) => root.querySelector(".panel textarea")?.value).find((value) => value !== undefined);
  });
const words = (page, selector, some) =>
  waitFor(`${selector}: ${some}`, async () => (await ours(page, selector)).find((one) => one.includes(some)));

await walk(async (browser) => {
  const panel = await openPage(browser, "sidepanel/index.html", 400, 700);
  await panel.evaluate((local) => browser.storage.local.set(local), { server: wanted.base, token: wanted.token });
  await waitFor("a brand", async () => (await send(panel, "state")).brands.length);
  await panel.close();
  const page = await browser.newPage();
  await page.setViewport({ width: 1000, height: 800 });
  await page.goto(`${wanted.base}/-/practice/?lang=en`);
  await page.bringToFront();
  await waitFor("toolbars", () => page.evaluate(() => document.querySelectorAll("entregent-bar").length >= 4));

  // Slow: the person is told that we look, and may go on.
  await stand({ holds: ["/suggestions"] });
  await answer(page);
  seen.slow = await words(page, ".panel [role=status]", "Looking");
  await page.keyboard.press("Escape");
  await gone(page);

  // Broken: one can write all the same, and what was written stays while the panel is closed.
  await stand({ breaks: { "/suggestions": 500 } });
  await answer(page);
  seen.broken = await words(page, ".panel [role=alert]", "Something broke");
  await page.keyboard.type("We open at nine.");
  await page.keyboard.press("Escape");
  await gone(page);
  await answer(page);
  await words(page, ".panel [role=alert]", "Something broke");
  seen.kept = await waitFor("what was written", () => inPanel(page));

  // Nor is it lost where the server breaks at saving what was chosen: it is in the site's box.
  await stand({ breaks: { "/suggestions": 500, "/mentions": 500, "/replies": 500 } });
  await page.keyboard.down("Control");
  await page.keyboard.press("Enter");
  await page.keyboard.up("Control");
  seen.inserted = await waitFor("a reply", () => inBox(page));
  seen.notice = await waitFor("a notice", async () => (await ours(page, ".notice .words"))[0]);
  await page.screenshot(screenshot("firefox-refused.png"));

  // Refused for good: nothing is offered that cannot be done.
  await stand({ breaks: { "/suggestions": 401 } });
  await page.mouse.move(3, 3);
  await answer(page, 1);
  seen.refused = await words(page, ".bar", "Not connected");
  seen.still = await inBox(page);
});

/** Press *Answer* on a post: at its mark, or at its bar where it stands unfolded. */
async function answer(page, n = 0) {
  const at = await waitFor("a mark at rest", () =>
    page.evaluate((n) => {
      const bar = document.querySelectorAll("entregent-bar:not(.over)")[n];
      const mark = bar?.shadowRoot.querySelector(".en > .rest") ?? bar?.shadowRoot.querySelector(".en > .bar button");
      mark?.scrollIntoView({ block: "nearest", behavior: "instant" });
      const box = mark?.getBoundingClientRect();
      return box?.width ? { x: box.x + box.width / 2, y: box.y + box.height / 2, rest: mark.matches(".rest") } : null;
    }, n),
  );
  await page.mouse.click(at.x, at.y);
  if (at.rest) await click(page, ".float .bar button", "Answer");
}
