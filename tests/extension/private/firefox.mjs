// The same probes in Firefox: node firefox.mjs '{"firefox": …, "extension": …, "url": …, "html": …, "words": […]}'
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const wanted = JSON.parse(process.argv[2]);
const puppeteer = createRequire(join(import.meta.dirname, "..", "..", "peers", "package.json"))("puppeteer-core");
const UUID = "3e0b5f1e-9c37-4f43-8f0a-1f5d6f6f0e11";

async function waitFor(what, look) {
  for (const until = Date.now() + 15_000; ; await new Promise((done) => setTimeout(done, 50))) {
    const value = await look();
    if (value) return value;
    if (Date.now() > until) throw new Error(`never happened: ${what}`);
  }
}

const browser = await puppeteer.launch({
  browser: "firefox",
  executablePath: wanted.firefox,
  headless: true,
  extraPrefsFirefox: { "extensions.webextensions.uuids": JSON.stringify({ "release@tests.example": UUID }) },
});
const seen = {};
try {
  await browser.installExtension(wanted.extension);
  const page = await browser.newPage();
  await page.setViewport({ width: 1000, height: 800 });
  await page.setRequestInterception(true);
  page.on("request", (request) => {
    const document = request.url().startsWith(wanted.url);
    request.respond({ status: document ? 200 : 404, contentType: "text/html; charset=utf-8", body: document ? wanted.html : "" });
  });
  /** As new: the first bar that the Tab key comes to is that of the story, whose box is on this page. */
  const load = async () => {
    await page.goto(wanted.url);
    await page.evaluate(readFileSync(join(import.meta.dirname, "probe.js"), "utf8"));
    await waitFor("toolbars", () => page.evaluate("document.querySelectorAll('entregent-bar').length >= 7"));
  };
  const open = async () => {
    await waitFor("the keys in our bar", async () => {
      await page.keyboard.press("Tab");
      return page.evaluate("document.activeElement?.localName === 'entregent-bar'");
    });
    const before = await page.evaluate("ours()");
    await page.keyboard.press("Enter");
    await waitFor("a panel", () => page.evaluate(`ours() > ${before} + .05`));
  };
  await load();
  seen.resting = await page.evaluate("probe(" + JSON.stringify(wanted.words) + ")");
  await open();
  seen.open = [];
  for (let n = 0; n < 4; n++) seen.open.push(...(await page.evaluate("probe(" + JSON.stringify(wanted.words) + ")")));
  seen.reach = await page.evaluate(`reach("moz-extension://${UUID}/")`);
  if (wanted.screenshot) await page.screenshot({ path: wanted.screenshot });
  await page.keyboard.press("1");
  seen.inserted = await waitFor("the reply in the box", () => page.evaluate("document.querySelector('textarea').value"));
  await load();
  await open();
  seen.before = await page.evaluate("window.leaked");
  await page.keyboard.press("/");
  await page.keyboard.type(wanted.typed);
  seen.typed = await page.evaluate("window.leaked");
  // An editor that takes nothing: what was chosen is in the clipboard.
  await load();
  await page.evaluate(`(${wanted.refusing})()`);
  await open();
  await page.keyboard.press("3");
  seen.pasted = await waitFor("the clipboard", async () => {
    await new Promise((done) => setTimeout(done, 700));
    await page.evaluate("document.querySelector('#free').value = ''; document.querySelector('#free').focus()");
    await page.keyboard.down("Control");
    await page.keyboard.press("v");
    await page.keyboard.up("Control");
    return page.evaluate("document.querySelector('#free').value");
  });
} finally {
  await browser.close();
}
console.log(JSON.stringify(seen));
