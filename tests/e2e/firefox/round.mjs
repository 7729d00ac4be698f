// A round over two pages that need no further access: the server's practice page in two languages. Asked for by
// test_extension_round_firefox.py.
import { click, openPage, ours, screenshot, seen, send, waitFor, walk, wanted } from "./driver.mjs";

const mentions = async () => {
  const headers = { Authorization: `Bearer ${wanted.token}` };
  return (await (await fetch(`${wanted.base}/api/v1/mentions?limit=200`, { headers })).json()).items;
};

await walk(async (browser) => {
  const panel = await openPage(browser, "sidepanel/index.html", 400, 700);
  await panel.evaluate((local) => browser.storage.local.set(local), { server: wanted.base, token: wanted.token });
  await send(panel, "brand.use", { id: wanted.brand });
  await waitFor("a brand", async () => (await send(panel, "state")).brands.length);
  seen.left = await waitFor("the round", () =>
    panel.evaluate(() => /Round: \d of \d pages left today/.exec(document.body.innerText)?.[0]),
  );
  await panel.evaluate(() => {
    [...document.querySelectorAll("button")].find((one) => one.textContent.includes("Start the round")).click();
  });
  const page = await waitFor("the tab of the round", async () =>
    (await browser.pages()).find((one) => one.url() === wanted.urls[0]),
  );
  await page.setViewport({ width: 1000, height: 800 });
  await page.bringToFront();
  await collectAndTakeBack(page);
  await goOnAndFinish(page);
  await visitAgain(browser, panel, page);
});

async function saying(page, words) {
  return waitFor(String(words), async () => (await ours(page, ".round .said")).find((one) => words.test(one)));
}

function press(page, words) {
  return click(page, ".round button", words);
}

function at(page) {
  return waitFor("the bar", async () => (await ours(page, ".round .at"))[0]);
}

async function collectAndTakeBack(page) {
  seen.at = await at(page);
  seen.before_click = (await mentions()).length;
  seen.scrolled = await page.evaluate(() => scrollY);
  await press(page, "Collect this page");
  seen.collected = await saying(page, /new/);
  seen.mentions = (await mentions()).length;
  seen.source_kinds = [...new Set((await mentions()).map((one) => one.source_kind))];
  await page.screenshot(screenshot("firefox-round.png"));
  await press(page, "Undo");
  await saying(page, /taken back/);
  seen.after_undo = (await mentions()).length;
  await press(page, "Collect");
  await saying(page, /new/);
  seen.still_scrolled = await page.evaluate(() => scrollY);
}

/** On by key; the other page is only looked at. */
async function goOnAndFinish(page) {
  await page.keyboard.down("Alt");
  await page.keyboard.press("n");
  await page.keyboard.up("Alt");
  await waitFor("the next page", async () => page.url() === wanted.urls[1]);
  seen.second_at = await at(page);
  await press(page, "Mark as seen");
  await saying(page, /Marked as seen/);
  await press(page, "Undo");
  await saying(page, /Taken back/);
  await press(page, "Mark as seen");
  await saying(page, /Marked as seen/);
  await press(page, "Finish");
  seen.over = await saying(page, /pages were visited/);
}

/** The second visit: what was known is below the line. */
async function visitAgain(browser, panel, page) {
  await send(panel, "round.start", { page_id: wanted.pages[0] });
  const again = await waitFor("the tab again", async () =>
    (await browser.pages()).find((one) => one !== page && one.url() === wanted.urls[0]),
  );
  await page.close();
  await again.bringToFront();
  await at(again);
  await again.evaluate(() => scrollTo(0, 0));
  await click(again, ".round .go");
  seen.line = await waitFor("the line", async () => (await ours(again, ".known"))[0]);
  seen.twice = (await mentions()).length;
  await again.close();
  seen.paused = await waitFor("the pause", () =>
    panel.evaluate(() => document.body.innerText.includes("Round paused at 1 of 1")),
  );
}
