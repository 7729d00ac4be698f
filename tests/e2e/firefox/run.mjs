// One round in a real Firefox, driven by puppeteer-core over WebDriver BiDi. Asked for by test_extension_firefox.py:
//   node run.mjs '{"firefox": …, "extension": …, "base": …, "login": …, "screenshots": …}'
// Prints one JSON object of what was seen. Firefox lets a driver into pages of an extension only with system access.
import { createRequire } from "node:module";
import { join } from "node:path";

const wanted = JSON.parse(process.argv[2]);
const require = createRequire(join(import.meta.dirname, "..", "..", "peers", "package.json"));
const { default: puppeteer } = await import(require.resolve("puppeteer-core"));

const ID = "entregent@entregent.example";
const UUID = "3e0b5f1e-9c37-4f43-8f0a-1f5d6f6f0e11"; // any will do: Firefox draws one for each profile
const seen = { errors: [] };

/** The first true value of `look`, asked again and again for at most `timeout_ms`. */
async function waitFor(what, look, timeout_ms = 10_000) {
  const until = Date.now() + timeout_ms;
  for (;;) {
    const value = await look().catch((error) => void (seen.last_error = String(error)));
    if (value) return value;
    if (Date.now() > until) throw new Error(`never happened: ${what} (${seen.last_error ?? ""})`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** The cookie of a log-in, and calls with it as the app makes them. */
async function logIn() {
  const answer = await fetch(wanted.login, { redirect: "manual" });
  const cookie = answer.headers.getSetCookie()[0].split(";")[0];
  return async (method, path) => {
    const headers = { Cookie: cookie, "Sec-Fetch-Site": "same-origin", "Content-Type": "application/json" };
    const response = await fetch(`${wanted.base}/api/v1${path}`, { method, headers, ...(method === "POST" && { body: "{}" }) });
    return response.json();
  };
}

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
  seen.id = await browser.installExtension(wanted.extension);
  const api = await logIn();

  const popup = await openPage("popup/index.html", 400, 600);
  await popup.waitForSelector("details.more summary");
  await popup.click("details.more summary");
  await popup.type("details.more input", wanted.base);
  await popup.click("details.more button");
  const code = await waitFor("a code", () => popup.$eval("output.code", (output) => output.textContent));
  await popup.screenshot({ path: join(wanted.screenshots, "firefox-pairing.png") });
  const request = await waitFor("a request", async () => (await api("GET", "/pairing/requests")).items[0]);
  seen.same_code = request.code.replace("-", " ") === code;
  seen.client = request.client;
  seen.origin_told = request.origin === `moz-extension://${UUID}`;
  await api("POST", `/pairing/requests/${request.id}/approve`);
  seen.brand = await waitFor("a brand", () => popup.$eval(".bar .who", (button) => button.textContent));
  await waitFor("the state of brands", async () => (await send(popup, "state")).brands.length);

  if (wanted.mention) {
    seen.mention = await waitFor("a mention", () =>
      popup.evaluate((text) => document.body.innerText.includes(text) && text, wanted.mention),
    );
    await popup.screenshot({ path: join(wanted.screenshots, "firefox-popup.png") });
  }

  // The sidebar is narrow: a search there, by keyboard alone, with a field of the query language.
  if (wanted.mention) {
    const sidebar = await openPage("sidepanel/index.html", 320, 800);
    await sidebar.bringToFront();
    await sidebar.waitForSelector(".inbox-row");
    await sidebar.keyboard.press("/");
    await sidebar.keyboard.type("lumière is:question author:maud");
    await sidebar.keyboard.press("Enter");
    seen.found = await waitFor("what was found", () =>
      sidebar.evaluate(() => {
        const chips = [...document.querySelectorAll(".chip")].map((chip) => chip.textContent);
        const lit = [...document.querySelectorAll(".inbox-row mark")].map((mark) => mark.textContent);
        return chips.length > 1 && lit.length > 0 && { chips, lit };
      }),
    );
    seen.sidebar_fits = await sidebar.evaluate(() => document.documentElement.scrollWidth <= innerWidth);
    await sidebar.screenshot({ path: join(wanted.screenshots, "firefox-sidebar-search.png") });
    // Done and back, not us and back, put off by a digit: by keys, as in the app.
    const rows = () => sidebar.$$eval(".inbox-row", (all) => all.length);
    const before = await rows();
    seen.sidebar_keys = [];
    for (const keys of ["e", "x", "s2"]) {
      await sidebar.evaluate(() => document.querySelector("[role=grid]").focus());
      for (const key of keys) await sidebar.keyboard.press(key);
      await waitFor(`what ${keys} does`, async () => (await rows()) === before - 1);
      await sidebar.keyboard.press("u");
      await waitFor(`what u does after ${keys}`, async () => (await rows()) === before);
      seen.sidebar_keys.push(keys);
    }
    await sidebar.close();
  }

  // The practice page of the server needs no further access; the toolbar is there by itself.
  const practice = await browser.newPage();
  await practice.setViewport({ width: 1000, height: 800 });
  await practice.goto(`${wanted.base}/-/practice/`);
  seen.toolbars = await waitFor("toolbars", () => practice.$$eval("entregent-bar", (bars) => bars.length));
  await practice.screenshot({ path: join(wanted.screenshots, "firefox-toolbar.png") });

  // A thread of a network, served under its real address: a post's own toolbar, ⋯, Shorten.
  const thread = await browser.newPage();
  await thread.setViewport({ width: 1000, height: 800 });
  await thread.setRequestInterception(true);
  thread.on("request", (request) => {
    const body = request.url() === wanted.thread.url ? wanted.thread.html : "";
    request.respond({ status: 200, contentType: "text/html; charset=utf-8", body });
  });
  await thread.goto(wanted.thread.url);
  // The build that tests load has open shadow roots; the mouse is moved and pressed as a person does.
  const clickIn = async (page, selector, words = "") => {
    let before = "";
    const at = await waitFor(`${selector} ${words}`, async () => {
      const place = await page.evaluate(
        (selector, words) => {
          const roots = [...document.querySelectorAll("entregent-bar")].map((bar) => bar.shadowRoot);
          const all = roots.flatMap((root) => [...root.querySelectorAll(selector)]);
          const box = all.find((one) => one.textContent.includes(words) && one.checkVisibility())?.getBoundingClientRect();
          return box?.width ? { x: box.x + box.width / 2, y: box.y + box.height / 2 } : null;
        },
        selector,
        words,
      );
      // Where it stood at two looks in a row: a page that still loads moves what stands in it.
      const settled = place && JSON.stringify(place) === before;
      before = JSON.stringify(place);
      return settled ? place : null;
    });
    await page.mouse.click(at.x, at.y);
  };
  const click = (selector, words) => clickIn(thread, selector, words);
  await thread.bringToFront();
  await click("button.rest");
  await thread.screenshot({ path: join(wanted.screenshots, "firefox-unfolded.png") });
  await click("button[aria-haspopup=menu]");
  await thread.screenshot({ path: join(wanted.screenshots, "firefox-menu.png") });
  await click("[role=menuitem]", "Shorten");
  // As an account that no brand has: the reply waits for one click.
  await practice.goto(`${wanted.base}/-/practice/?lang=en&as=bistrot`);
  await practice.bringToFront();
  const inOurs = (selector) =>
    practice.evaluate((selector) => {
      const roots = [...document.querySelectorAll("entregent-bar")].map((bar) => bar.shadowRoot);
      return roots.flatMap((root) => [...root.querySelectorAll(selector)])[0]?.innerText;
    }, selector);
  const inBox = () => practice.evaluate(() => document.querySelector(".reply-box textarea")?.value);
  await clickIn(practice, "button.rest");
  await clickIn(practice, ".float .bar button", "Answer");
  await waitFor("a place to write", () => inOurs(".write").then((words) => words !== undefined));
  await practice.keyboard.type("We open at nine.");
  await practice.keyboard.down("Control");
  await practice.keyboard.press("Enter");
  await practice.keyboard.up("Control");
  seen.question = await waitFor("a question", () => inOurs(".ask h2"));
  seen.before_answer = await inBox();
  await new Promise((resolve) => setTimeout(resolve, 300)); // a question takes no answer in its first moment
  await practice.screenshot({ path: join(wanted.screenshots, "firefox-question.png") });
  await practice.keyboard.press("Enter");
  seen.after_answer = await waitFor("a reply", inBox);
  await thread.bringToFront();

  const made = await waitFor("a link", async () => (await api("GET", "/links")).items?.[0]);
  seen.shortened_post = made.url;

  // Written by hand to a post of the inbox, and sent by the site's own button.
  const url = `${wanted.base}/-/practice/?post=9107`;
  const post = { url, network: "practice", author: "Maud", author_url: "", text: "Is there room?", published_at: null };
  const { id } = await send(popup, "mention.save", { post });
  await practice.goto(`${url}&lang=en`);
  await practice.bringToFront();
  await waitFor("our toolbar", () => practice.evaluate("document.querySelector('entregent-bar') !== null"));
  const known = async () => (await send(popup, "page.state", { host: "127.0.0.1", network: "practice", account: "" })).mentions;
  await waitFor("the post to be known", async () => Object.keys(await known()).includes(url));
  await waitFor("the bar of a post of the inbox", () => inOurs(".en > .bar"));
  await practice.click(".post-actions [data-act=reply]");
  await practice.waitForSelector(".reply-box textarea");
  await practice.click(".reply-box textarea");
  await practice.keyboard.type("There are thirty seats outside.");
  await new Promise((resolve) => setTimeout(resolve, 500)); // nobody writes faster
  await practice.click(".reply-box button[type=submit]");
  seen.by_hand = await waitFor("the mention replied", async () => {
    const mention = await api("GET", `/mentions/${id}`);
    return mention.status === "replied" && { reply_url: mention.reply_url, text: mention.text };
  });

  seen.shortened = await send(popup, "shorten", { url: "https://cafe.example/menu?from=firefox" });
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
