// Listening from a page: a list picked with two clicks, and the popup's look at the page. Asked for by
// test_extension_listen_firefox.py.
import { click, openPage, ours, screenshot, seen, send, waitFor, walk, wanted } from "./driver.mjs";

const sources = async () => {
  const headers = { Authorization: `Bearer ${wanted.token}` };
  const { items } = await (await fetch(`${wanted.base}/api/v1/sources?limit=200`, { headers })).json();
  return items.filter((one) => !one.keyword_id).map((one) => one.kind);
};
const card = async (page, words) =>
  waitFor(String(words), async () => (await ours(page, ".card p")).find((one) => words.test(one)));

await walk(async (browser) => {
  const popup = await openPage(browser, "popup/index.html", 400, 600);
  await popup.evaluate((local) => browser.storage.local.set(local), { server: wanted.base, token: wanted.token });
  await send(popup, "brand.use", { id: wanted.brand });
  await waitFor("a brand", async () => (await send(popup, "state")).brands.length);

  const page = await browser.newPage();
  await page.setViewport({ width: 1000, height: 800 });
  await page.goto(wanted.news);
  const tab = await popup.evaluate(
    async (url) => (await browser.tabs.query({})).find((one) => one.url === url)?.id,
    wanted.news,
  );
  await page.bringToFront();
  await send(popup, "pick.start", { tab });
  seen.first = await card(page, /first|title/i);
  await page.click("article:nth-of-type(1) h2 a");
  seen.second = await card(page, /another/);
  await page.click("article:nth-of-type(3) h2 a");
  seen.found = await card(page, /items found/);
  seen.address = page.url();
  seen.title = await page.title();
  await page.screenshot(screenshot("firefox-pick.png"));
  await click(page, ".card button", "Listen to it");
  seen.kinds = await waitFor("the source", async () => {
    const kinds = await sources();
    return kinds.length > 0 && kinds;
  });
  await click(page, ".notice button", "Undo");
  seen.undone = await waitFor("the undo", async () => (await sources()).length === 0);

  // The popup stands in a tab of its own here, and takes the page that the person came from for the one beside it.
  await popup.bringToFront();
  await popup.reload().catch(() => undefined);
  await waitFor("the popup again", () => popup.evaluate(() => document.querySelector(".bar .square") !== null));
  await popup.click(".bar button[aria-label=Add]");
  await waitFor("the menu", () =>
    popup.evaluate(() => {
      const item = [...document.querySelectorAll("[role=menuitem]")].find((one) => /Listen to this page/.test(one.textContent));
      item?.click();
      return Boolean(item);
    }),
  );
  seen.popup = await waitFor("what the popup finds", () =>
    popup.evaluate(() => document.querySelector(".sheet .candidates")?.textContent),
  );
  await popup.screenshot(screenshot("firefox-popup-listen.png"));
});
