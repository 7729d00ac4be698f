// A round in a real Firefox over two pages that need no further access: the server's practice page in two languages.
// Asked for by test_extension_round_firefox.py; prints one JSON object of what was seen.
import { createRequire } from "node:module";
import { join } from "node:path";

const wanted = JSON.parse(process.argv[2]);
const require = createRequire(join(import.meta.dirname, "..", "..", "peers", "package.json"));
const { default: puppeteer } = await import(require.resolve("puppeteer-core"));

const ID = "entregent@entregent.example";
const UUID = "3e0b5f1e-9c37-4f43-8f0a-1f5d6f6f0e11"; // any will do: Firefox draws one for each profile
const seen = { errors: [] };

async function waitFor(what, look, timeout_ms = 20_000) {
  const until = Date.now() + timeout_ms;
  for (;;) {
    const value = await look().catch((error) => void (seen.last_error = String(error)));
    if (value) return value;
    if (Date.now() > until) throw new Error(`never happened: ${what} (${seen.last_error ?? ""})`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const api = async (path) => {
  const answer = await fetch(`${wanted.base}/api/v1${path}`, { headers: { Authorization: `Bearer ${wanted.token}` } });
  return answer.json();
};
const mentions = async () => (await api("/mentions?limit=200")).items;

const browser = await puppeteer.launch({
  browser: "firefox",
  executablePath: wanted.firefox,
  headless: true,
  args: ["--remote-allow-system-access"],
  extraPrefsFirefox: {
    "extensions.webextensions.uuids": JSON.stringify({ [ID]: UUID }),
    "intl.locale.requested": "en-US",
    "intl.accept_languages": "en-US",
  },
});
try {
  await browser.installExtension(wanted.extension);
  const panel = await openPage("sidepanel/index.html", 400, 700);
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

  const ours = (selector) =>
    page.evaluate((selector) => {
      const roots = [...document.querySelectorAll("entregent-bar")].map((bar) => bar.shadowRoot);
      return roots.flatMap((root) => [...root.querySelectorAll(selector)]).map((one) => one.innerText);
    }, selector);
  const said = async () => (await ours(".round .said"))[0];
  const press = async (words) => {
    let before = "";
    const at = await waitFor(words, async () => {
      const place = await page.evaluate((words) => {
        const roots = [...document.querySelectorAll("entregent-bar")].map((bar) => bar.shadowRoot);
        const all = roots.flatMap((root) => [...root.querySelectorAll(".round button")]);
        const box = all.find((one) => one.textContent.startsWith(words))?.getBoundingClientRect();
        return box?.width ? { x: box.x + box.width / 2, y: box.y + box.height / 2 } : null;
      }, words);
      const settled = place && JSON.stringify(place) === before;
      before = JSON.stringify(place);
      return settled ? place : null;
    });
    await page.mouse.click(at.x, at.y);
  };

  seen.at = (await waitFor("the bar", () => ours(".round .at").then((all) => all.length && all)))[0];
  seen.before_click = (await mentions()).length;
  seen.scrolled = await page.evaluate(() => scrollY);
  await press("Collect this page");
  seen.collected = await waitFor("words", () => said().then((words) => /new/.test(words ?? "") && words));
  seen.mentions = (await mentions()).length;
  seen.source_kinds = [...new Set((await mentions()).map((one) => one.source_kind))];
  await page.screenshot({ path: join(wanted.screenshots, "firefox-round.png") });
  await press("Undo");
  await waitFor("undo", () => said().then((words) => /taken back/.test(words ?? "")));
  seen.after_undo = (await mentions()).length;
  await press("Collect");
  await waitFor("collected again", () => said().then((words) => /new/.test(words ?? "")));
  seen.still_scrolled = await page.evaluate(() => scrollY);

  // On by key, the other page is only looked at.
  await page.keyboard.down("Alt");
  await page.keyboard.press("n");
  await page.keyboard.up("Alt");
  await waitFor("the next page", async () => page.url() === wanted.urls[1]);
  seen.second_at = (await waitFor("its bar", () => ours(".round .at").then((all) => all.length && all)))[0];
  await press("Mark as seen");
  await waitFor("seen", () => said().then((words) => /Marked as seen/.test(words ?? "")));
  await press("Finish");
  seen.over = await waitFor("the end", () => said().then((words) => /pages were visited/.test(words ?? "") && words));

  // The second visit: what was known is below the line.
  await send(panel, "round.start", { page_id: wanted.pages[0] });
  const again = await waitFor("the tab again", async () =>
    (await browser.pages()).find((one) => one !== page && one.url() === wanted.urls[0]),
  );
  await page.close();
  await again.bringToFront();
  await waitFor("its bar", () =>
    again.evaluate(() =>
      [...document.querySelectorAll("entregent-bar")].some((bar) => bar.shadowRoot.querySelector(".round")),
    ),
  );
  await again.evaluate(() => scrollTo(0, 0));
  const collect = await again.evaluate(() => {
    const roots = [...document.querySelectorAll("entregent-bar")].map((bar) => bar.shadowRoot);
    const box = roots.flatMap((root) => [...root.querySelectorAll(".round .go")])[0].getBoundingClientRect();
    return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  });
  await again.mouse.click(collect.x, collect.y);
  seen.line = await waitFor("the line", () =>
    again.evaluate(() => {
      const roots = [...document.querySelectorAll("entregent-bar")].map((bar) => bar.shadowRoot);
      return roots.flatMap((root) => [...root.querySelectorAll(".known")]).map((one) => one.innerText)[0];
    }),
  );
  seen.twice = (await mentions()).length;
  await again.close();
  seen.paused = await waitFor("the pause", () =>
    panel.evaluate(() => document.body.innerText.includes("Round paused at 1 of 1")),
  );
} catch (error) {
  seen.errors.push(String(error?.stack ?? error));
} finally {
  await browser.close();
}
console.log(JSON.stringify(seen));

/** A page of the extension. The driver's own wait never ends there, so we wait for its root instead. */
async function openPage(path, width, height) {
  const page = await browser.newPage();
  page.on("pageerror", (error) => seen.errors.push(String(error)));
  await page.setViewport({ width, height });
  page.goto(`moz-extension://${UUID}/extension/build/${path}`, { timeout: 60_000 }).catch(() => undefined);
  await waitFor(path, () => page.evaluate(() => document.querySelector("#root")?.childElementCount > 0));
  return page;
}

async function send(page, request, ask = {}) {
  const message = { request, ask };
  const reply = await page.evaluate((sent) => browser.runtime.sendMessage(sent), message);
  if (!reply.ok) throw new Error(JSON.stringify(reply.error));
  return reply.value;
}
