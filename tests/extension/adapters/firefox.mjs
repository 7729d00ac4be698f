// Skeleton pages in Firefox, each under the real address of its site: installs the extension over WebDriver BiDi, looks at
// every page, prints JSON.
//   node firefox.mjs FIREFOX EXTENSION JOBS.json      (jobs: [{name, url, html, ask}])
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const HERE = dirname(fileURLToPath(import.meta.url));
const puppeteer = createRequire(join(HERE, "..", "..", "peers", "package.json"))("puppeteer-core");
const [firefox, extension, file] = process.argv.slice(2);
const jobs = JSON.parse(readFileSync(file, "utf8"));
const look = readFileSync(join(HERE, "look.js"), "utf8").replace(/^\/\/.*\n/, "").trim().replace(/;$/, "");

const browser = await puppeteer.launch({
  browser: "firefox",
  executablePath: firefox,
  headless: true,
  args: ["--width=1000", "--height=6000"],
});
const seen = {};
try {
  await browser.installExtension(extension);
  const page = await browser.newPage();
  await page.setViewport({ width: 1000, height: 6000 });
  await page.setRequestInterception(true);
  let current = jobs[0];
  page.on("request", (request) => {
    if (request.isNavigationRequest() && request.url() === current.url)
      return request.respond({ status: 200, contentType: "text/html; charset=utf-8", body: current.html });
    return request.abort();
  });
  for (current of jobs) {
    await page.goto(current.url, { waitUntil: "domcontentloaded" });
    seen[current.name] = await page.evaluate(`(${look})(${JSON.stringify(current.ask)})`);
  }
} finally {
  await browser.close();
}
console.log(JSON.stringify(seen));
