// What happens to the extension while a person is in the middle of something: its background stops, a second tab, its
// access is taken back, it is loaded anew. Asked for by test_extension_life_firefox.py.
import { click, inBrowser, openPage, ours, seen, send, serve, waitFor, walk, wanted } from "./driver.mjs";

const EXTENSION = 'WebExtensionPolicy.getByID("entregent@entregent.example").extension';
/** On the practice page; there may be more of ours for a moment, a notice say. */
const POSTS = 5;
const bars = (page) => page.evaluate(() => document.querySelectorAll("entregent-bar").length);
const api = async (path) => {
  const headers = { Authorization: `Bearer ${wanted.token}` };
  return (await fetch(`${wanted.base}/api/v1${path}`, { headers })).json();
};

await walk(async (browser) => {
  const panel = await openPage(browser, "sidepanel/index.html", 400, 700);
  await panel.evaluate((local) => browser.storage.local.set(local), { server: wanted.base, token: wanted.token });
  await waitFor("a brand", async () => (await send(panel, "state")).brands.length);
  await panel.close(); // a page of ours keeps the background awake
  const first = await practice(browser);
  const second = await practice(browser);
  await stopBackground(browser, first);
  await tellTheOther(browser, second);
  await second.close();
  await loadAnew(browser, first);
  await first.close();
  await takeAccessBack(browser);
});

async function practice(browser) {
  const page = await browser.newPage();
  await page.setViewport({ width: 1000, height: 800 });
  await page.goto(`${wanted.base}/-/practice/?lang=en`);
  await page.bringToFront();
  await waitFor("toolbars", async () => (await bars(page)) >= POSTS);
  return page;
}

/** Between *Answer* and the choice, and once more before sending. */
async function stopBackground(browser, page) {
  const stop = () => inBrowser(browser, `${EXTENSION}.terminateBackground({disableResetIdleForTest: true}).then(() => ${EXTENSION}.backgroundState)`);
  await page.bringToFront();
  await click(page, "button.rest");
  await click(page, ".float .bar button", "Answer");
  await waitFor("a place to write", async () => (await ours(page, ".write")).length);
  await page.keyboard.type("We open at nine.");
  seen.stopped = await stop();
  await page.keyboard.down("Control");
  await page.keyboard.press("Enter");
  await page.keyboard.up("Control");
  seen.inserted = await waitFor("a reply", () => page.evaluate(() => document.querySelector(".reply-box textarea")?.value));
  seen.opened = await waitFor("the mention", async () => (await api("/mentions")).items[0]?.status === "open");
  seen.stopped_again = await stop();
  await page.click(".reply-box button[type=submit]");
  seen.replied = await waitFor("the answer", async () => (await api("/mentions")).items[0].status === "replied");
}

/** The other tab says so too. */
async function tellTheOther(browser, page) {
  await page.bringToFront();
  seen.other_tab = await waitFor(
    "the same in the other tab",
    async () => (await ours(page, ".en > .bar")).some((words) => words.includes("Replied")),
    10_000, // told at once: the background's own look comes every 30 s where no page of ours is on screen
  );
}

/** As an update does: the new script goes on where the old one was. */
async function loadAnew(browser, page) {
  await page.bringToFront();
  await page.evaluate(() => {
    for (const one of document.querySelectorAll("entregent-bar")) one.dataset.before = "1";
  });
  await inBrowser(browser, `ChromeUtils.importESModule("resource://gre/modules/AddonManager.sys.mjs").AddonManager.getAddonByID("entregent@entregent.example").then((addon) => addon.reload()).then(() => "reloaded")`);
  seen.anew = await waitFor("new toolbars", async () => {
    const old = await page.evaluate(() => document.querySelectorAll("entregent-bar[data-before]").length);
    return old === 0 && (await bars(page)) >= POSTS;
  });
}

/** In the browser's own settings: what stands in the open page goes, what was written stays. */
async function takeAccessBack(browser) {
  const url = "https://forum.example/t/1";
  const forum = await browser.newPage();
  await serve(forum, { [url]: wanted.forum });
  await forum.goto(url);
  await forum.bringToFront();
  await forum.focus("textarea");
  await forum.keyboard.type("What I wrote");
  seen.before = await waitFor("a bar", () => bars(forum));
  const panel = await openPage(browser, "sidepanel/index.html", 400, 700);
  await panel.evaluate(() => browser.permissions.remove({ origins: ["https://forum.example/*"] }));
  await panel.close();
  await forum.bringToFront();
  seen.gone = await waitFor("nothing of ours", async () => (await bars(forum)) === 0);
  seen.kept = await forum.evaluate(() => document.querySelector("textarea").value);
}
