// Sites taught and checked in Firefox, as a person does it: from the toolbar at the box, with the mouse.
//   node firefox.mjs FIREFOX EXTENSION JOBS.json      (jobs: [{name, url, html, box, places: [css…] | null}])
// Without places the page is checked, not taught.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const HERE = dirname(fileURLToPath(import.meta.url));
const puppeteer = createRequire(join(HERE, "..", "..", "peers", "package.json"))("puppeteer-core");
const [firefox, extension, file] = process.argv.slice(2);
const jobs = JSON.parse(readFileSync(file, "utf8"));

/** In the page: all of ours that match, through our open roots. */
const ours = `(css) => [...document.querySelectorAll("entregent-bar")].flatMap((bar) => [...bar.shadowRoot.querySelectorAll(css)])`;

const browser = await puppeteer.launch({
  browser: "firefox",
  executablePath: firefox,
  headless: true,
  args: ["--width=1000", "--height=2400"],
});
const seen = {};
try {
  await browser.installExtension(extension);
  const page = await browser.newPage();
  await page.setViewport({ width: 1000, height: 2400 });
  await page.setRequestInterception(true);
  let current = jobs[0];
  page.on("request", (request) => {
    if (request.isNavigationRequest() && request.url() === current.url)
      return request.respond({ status: 200, contentType: "text/html; charset=utf-8", body: current.html });
    return request.abort();
  });
  const until = (what) => page.waitForFunction(what, { timeout: 10_000, polling: 50 });
  const clickOurs = async (css, words) => {
    const find = `(${ours})(${JSON.stringify(css)}).find((one) => one.textContent.includes(${JSON.stringify(words)}) || one.getAttribute("aria-label")?.includes(${JSON.stringify(words)}))`;
    const handle = await until(`${find} ?? null`);
    await handle.click();
  };
  const said = () => page.evaluate(`(${ours})(".card p")[0]?.textContent ?? ""`);
  for (current of jobs) {
    await page.goto(current.url, { waitUntil: "domcontentloaded" });
    await page.click(current.box);
    await until(`(${ours})(".float .rest, .float .bar").length > 0`);
    if (await page.evaluate(`(${ours})(".float .rest").length`)) await (await until(`(${ours})(".float .rest")[0] ?? null`)).hover();
    await clickOurs(".float .bar button", "More");
    const heard = [];
    if (!current.places) {
      await clickOurs(".menu button", "Check this page");
      await until(`(${ours})(".frame").length > 0`);
      heard.push(await said());
      await clickOurs(".card button", "Yes, use them");
      await until(`(${ours})(".card").length === 0`);
    } else {
      await clickOurs(".menu button", "Teach this site");
      await until(`(${ours})(".card").length > 0`);
      for (const place of current.places) {
        const at = await page.$(place);
        await at.click();
        heard.push(await said());
        await clickOurs(".card button", "Next");
      }
      heard.push(await said());
      await clickOurs(".card button", "Save");
      await until(`(${ours})(".card").length === 0`);
    }
    await until(`(${ours})(".en > .rest, .en > .bar").length >= ${current.wanted}`).catch(() => undefined);
    const marks = await page.evaluate(`[...document.querySelectorAll("entregent-bar")].filter((bar) => bar.shadowRoot.querySelector(".en > .rest, .en > .bar")).length`);
    seen[current.name] = { heard, marks, left: await page.evaluate(`(${ours})(".frame, .card").length`) };
  }
} finally {
  await browser.close();
}
console.log(JSON.stringify(seen));
