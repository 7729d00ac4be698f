// Where the toolbar stands beside plain tabs: in frames of a page, and in a private window that the person allowed.
// Asked for by test_extension_places_firefox.py.
import { click, openPage, screenshot, seen, send, serve, waitFor, walk, wanted } from "./driver.mjs";

const bars = (frame) => frame.evaluate(() => document.querySelectorAll("entregent-bar").length);
const focus = (frame) =>
  frame.evaluate(() => {
    const box = document.querySelector("textarea, [contenteditable]");
    box.blur();
    box.focus();
  });

await walk(
  async (browser) => {
    const panel = await openPage(browser, "sidepanel/index.html", 400, 700);
    await panel.evaluate((local) => browser.storage.local.set(local), { server: wanted.base, token: wanted.token });
    await waitFor("a brand", async () => (await send(panel, "state")).brands.length);
    await frames(browser);
    await inPrivate(browser, panel);
  },
  { inPrivate: true },
);

/** Which frames have a toolbar at their box; those that should not are asked last, when it would be there by then. */
async function frames(browser) {
  const page = await browser.newPage();
  await page.setViewport({ width: 1000, height: 900 });
  await serve(page, wanted.framed.documents);
  await page.goto(wanted.framed.url);
  await page.bringToFront();
  const named = async (name) => (await page.$(`iframe[name=${name}]`)).contentFrame();
  seen.frames = {};
  for (const name of wanted.framed.without) await focus(await named(name));
  for (const name of wanted.framed.with) {
    const frame = await named(name);
    await focus(frame);
    seen.frames[name] = await waitFor(`a bar in ${name}`, () => bars(frame));
  }
  for (const name of wanted.framed.without) seen.frames[name] = await bars(await named(name));
  seen.around = await bars(page);
  await page.screenshot(screenshot("firefox-frames.png"));
  await page.close();
}

/** A window that the extension opens as private; its tab is a page like any other to the driver. */
async function inPrivate(browser, panel) {
  seen.allowed = await panel.evaluate(() => browser.extension.isAllowedIncognitoAccess());
  const url = `${wanted.base}/-/practice/?lang=en`;
  await panel.evaluate((url) => browser.windows.create({ incognito: true, url }).then(() => 0), url);
  const page = await waitFor("the private tab", async () => (await browser.pages()).find((one) => one.url() === url));
  seen.private = await panel.evaluate(
    async (url) => (await browser.tabs.query({})).filter((tab) => tab.url === url).map(({ incognito }) => incognito),
    url,
  );
  seen.toolbars = await waitFor("toolbars", () => bars(page));
  await click(page, "button.rest");
  await click(page, ".float .bar button", "Save");
  seen.saved = await waitFor("a mention", async () => {
    const headers = { Authorization: `Bearer ${wanted.token}` };
    const found = await (await fetch(`${wanted.base}/api/v1/mentions`, { headers })).json();
    return found.items.length;
  });
  await page.screenshot(screenshot("firefox-private.png"));
}
