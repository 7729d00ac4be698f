// Walks through pages in Firefox: installs the extension over WebDriver BiDi, serves each page under its own address,
// does the steps of walking.py one after the other, prints what was noted as JSON.
//   node firefox.mjs FIREFOX EXTENSION JOBS.json
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const HERE = dirname(fileURLToPath(import.meta.url));
const puppeteer = createRequire(join(HERE, "..", "..", "peers", "package.json"))("puppeteer-core");
const [firefox, extension, file] = process.argv.slice(2);
const { prefs, jobs, ours, limit_ms, settle_ms } = JSON.parse(readFileSync(file, "utf8"));

const browser = await puppeteer.launch({
  browser: "firefox",
  executablePath: firefox,
  headless: true,
  args: ["--width=1000", "--height=800"],
  extraPrefsFirefox: prefs,
});
const seen = {};

/** The first true value of an expression in the page. */
async function until(page, look) {
  for (const end = Date.now() + limit_ms; ; await new Promise((done) => setTimeout(done, 50))) {
    const value = await page.evaluate(look).catch(() => null);
    if (value) return value;
    if (Date.now() > end) throw new Error(`never true: ${look}`);
  }
}

async function place(page, css, words) {
  return until(page, `(${ours})(${JSON.stringify(css)}, ${JSON.stringify(words ?? "")})`);
}

const acts = {
  until: (page, look) => until(page, look),
  note: (page, look) => page.evaluate(look),
  settle: () => new Promise((done) => setTimeout(done, settle_ms)),
  away: (page) => page.mouse.move(3, 3),
  press: (page, key) => page.keyboard.press(key),
  type: (page, text) => page.keyboard.type(text),
  click: async (page, css, words) => {
    const { x, y } = await place(page, css, words);
    await page.mouse.click(x, y);
  },
  hover: async (page, css, words) => {
    const { x, y } = await place(page, css, words);
    await page.mouse.move(x, y);
  },
};

try {
  await browser.installExtension(extension);
  for (const { name, url, html, headers, frames, width, height, steps } of jobs) {
    const page = await browser.newPage();
    await page.setViewport({ width, height });
    await page.setRequestInterception(true);
    page.on("request", (request) => {
      const body = request.url() === url ? html : frames[request.url()];
      if (!request.isNavigationRequest() || body === undefined) return request.abort();
      return request.respond({ status: 200, contentType: "text/html; charset=utf-8", headers, body });
    });
    const noted = {};
    seen[name] = noted;
    try {
      await page.goto(url, { waitUntil: "domcontentloaded" });
      for (const [kind, ...words] of steps) {
        const note = kind === "note" || kind === "until" ? words.pop() : "";
        const value = await acts[kind](page, ...words);
        if (note) noted[note] = value;
      }
    } catch (error) {
      noted.failed = String(error);
    }
    await page.close();
  }
} finally {
  await browser.close();
}
console.log(JSON.stringify(seen));
