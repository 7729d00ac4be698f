// The same round as in Chromium: connect, popup, toolbar, shorten. Asked for by test_extension_firefox.py.
import { click, openPage, ours, screenshot, seen, send, serve, UUID, waitFor, walk, wanted } from "./driver.mjs";

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

await walk(async (browser) => {
  const api = await logIn();
  const popup = await connect(browser, api);
  if (wanted.mention) await findInSidebar(browser, popup);
  if (wanted.asked) await answerInSidebar(browser);

  // The practice page of the server needs no further access; the toolbar is there by itself.
  const practice = await browser.newPage();
  await practice.setViewport({ width: 1000, height: 800 });
  await practice.goto(`${wanted.base}/-/practice/`);
  seen.toolbars = await waitFor("toolbars", () => practice.$$eval("entregent-bar", (bars) => bars.length));
  await practice.screenshot(screenshot("firefox-toolbar.png"));

  await shortenOnThread(browser);
  await answerAsSomebodyElse(practice);
  const made = await waitFor("a link", async () => (await api("GET", "/links")).items?.[0]);
  seen.shortened_post = made.url;
  await answerByHand(practice, popup, api);
  seen.shortened = await send(popup, "shorten", { url: "https://cafe.example/menu?from=firefox" });
});

/** Pairing in the popup, approved as the app does. */
async function connect(browser, api) {
  const popup = await openPage(browser, "popup/index.html", 400, 600);
  await popup.waitForSelector("details.more summary");
  await popup.click("details.more summary");
  await popup.type("details.more input", wanted.base);
  await popup.click("details.more button");
  const code = await waitFor("a code", () => popup.$eval("output.code", (output) => output.textContent));
  await popup.screenshot(screenshot("firefox-pairing.png"));
  const request = await waitFor("a request", async () => (await api("GET", "/pairing/requests")).items[0]);
  seen.same_code = request.code.replace("-", " ") === code;
  seen.client = request.client;
  seen.origin_told = request.origin === `moz-extension://${UUID}`;
  await api("POST", `/pairing/requests/${request.id}/approve`);
  seen.brand = await waitFor("a brand", () => popup.$eval(".bar .who", (button) => button.textContent));
  await waitFor("the state of brands", async () => (await send(popup, "state")).brands.length);
  return popup;
}

/** The popup shows a mention; the sidebar, which is narrow, is searched and worked by keyboard alone. */
async function findInSidebar(browser, popup) {
  seen.mention = await waitFor("a mention", () =>
    popup.evaluate((text) => document.body.innerText.includes(text) && text, wanted.mention),
  ).catch(async (error) => {
    // What stood there instead tells why.
    throw new Error(`${error.message}: ${await popup.evaluate(() => document.body.innerText)}`);
  });
  await popup.screenshot(screenshot("firefox-popup.png"));
  const sidebar = await openPage(browser, "sidepanel/index.html", 320, 800);
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
  await sidebar.screenshot(screenshot("firefox-sidebar-search.png"));
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
  // Where no account can answer, r opens the page.
  await sidebar.evaluate(() => document.querySelector("[role=grid]").focus());
  await sidebar.keyboard.press("r");
  const opened = await browser.waitForTarget((target) => target.url().includes("forum.example"), { timeout: 20_000 });
  seen.sidebar_opened = opened.url();
  await (await opened.page())?.close();
  await sidebar.close();
}

/** Where an account of ours can, r opens the box in the sidebar itself, and Ctrl+Enter sends. */
async function answerInSidebar(browser) {
  const sidebar = await openPage(browser, "sidepanel/index.html", 320, 800);
  await sidebar.bringToFront();
  // Where one was is kept: the search of before is, too.
  await sidebar.waitForSelector(".inbox-row");
  await sidebar.keyboard.press("/");
  await sidebar.keyboard.down("Control");
  await sidebar.keyboard.press("a");
  await sidebar.keyboard.up("Control");
  await sidebar.keyboard.press("Backspace");
  await sidebar.keyboard.press("Enter");
  const row = await waitFor("what was asked", async () => {
    const found = await sidebar.evaluateHandle(
      (said) => [...document.querySelectorAll(".inbox-row")].find((one) => one.textContent.includes(said)) ?? null,
      wanted.asked,
    );
    return found.asElement();
  });
  await row.click();
  await sidebar.keyboard.press("r");
  await waitFor("the handle in the box", () =>
    sidebar.evaluate(() => document.activeElement.tagName === "TEXTAREA" && document.activeElement.value === "@bob "),
  );
  await sidebar.keyboard.type(wanted.answer);
  seen.answer_fits = await sidebar.evaluate(() => document.documentElement.scrollWidth <= innerWidth);
  await sidebar.screenshot(screenshot("firefox-sidebar-answer.png"));
  await sidebar.keyboard.down("Control");
  await sidebar.keyboard.press("Enter");
  await sidebar.keyboard.up("Control");
  await waitFor("the box to close", () => sidebar.evaluate(() => !document.querySelector(".answer textarea")));
  await sidebar.close();
}

/** A thread of a network, served under its real address: a post's own toolbar, ⋯, Shorten. */
async function shortenOnThread(browser) {
  const thread = await browser.newPage();
  await thread.setViewport({ width: 1000, height: 800 });
  await serve(thread, { [wanted.thread.url]: wanted.thread.html });
  await thread.goto(wanted.thread.url);
  await thread.bringToFront();
  await click(thread, "button.rest");
  await thread.screenshot(screenshot("firefox-unfolded.png"));
  await click(thread, "button[aria-haspopup=menu]");
  await thread.screenshot(screenshot("firefox-menu.png"));
  await click(thread, "[role=menuitem]", "Shorten");
}

/** As an account that no brand has: the reply waits for one click. */
async function answerAsSomebodyElse(practice) {
  await practice.goto(`${wanted.base}/-/practice/?lang=en&as=bistrot`);
  await practice.bringToFront();
  const inBox = () => practice.evaluate(() => document.querySelector(".reply-box textarea")?.value);
  await click(practice, "button.rest");
  await click(practice, ".float .bar button", "Answer");
  await waitFor("a place to write", async () => (await ours(practice, ".write")).length);
  await practice.keyboard.type("We open at nine.");
  await practice.keyboard.down("Control");
  await practice.keyboard.press("Enter");
  await practice.keyboard.up("Control");
  seen.question = await waitFor("a question", async () => (await ours(practice, ".ask h2"))[0]);
  seen.before_answer = await inBox();
  await new Promise((resolve) => setTimeout(resolve, 300)); // a question takes no answer in its first moment
  await practice.screenshot(screenshot("firefox-question.png"));
  await practice.keyboard.press("Enter");
  seen.after_answer = await waitFor("a reply", inBox);
}

/** Written by hand to a post of the inbox, and sent by the site's own button. */
async function answerByHand(practice, popup, api) {
  const url = `${wanted.base}/-/practice/?post=9107`;
  const post = { url, network: "practice", author: "Maud", author_url: "", text: "Is there room?", published_at: null };
  const { id } = await send(popup, "mention.save", { post });
  await practice.goto(`${url}&lang=en`);
  await practice.bringToFront();
  await waitFor("our toolbar", () => practice.evaluate("document.querySelector('entregent-bar') !== null"));
  const known = async () => (await send(popup, "page.state", { host: "127.0.0.1", network: "practice", account: "" })).mentions;
  // At once, though no page of ours is on screen and the background looks for changes every 30 s only.
  await waitFor("the post to be known", async () => Object.keys(await known()).includes(url), 10_000);
  await waitFor("the bar of a post of the inbox", async () => (await ours(practice, ".en > .bar")).length);
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
}
