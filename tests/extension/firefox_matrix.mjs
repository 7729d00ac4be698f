// The editor matrix in Firefox: installs the inserter extension over WebDriver BiDi, runs every case, prints JSON.
//   node firefox_matrix.mjs FIREFOX EXTENSION EDITORS_FOLDER
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const HERE = dirname(fileURLToPath(import.meta.url));
const puppeteer = createRequire(join(HERE, "..", "peers", "package.json"))("puppeteer-core");
const [firefox, extension, folder] = process.argv.slice(2);
const { editors, cases } = JSON.parse(readFileSync(join(HERE, "matrix.json"), "utf8"));

const types = { "/": ["index.html", "text/html; charset=utf-8"], "/editors.js": ["editors.js", "text/javascript; charset=utf-8"] };
const server = createServer((request, response) => {
  const [name, type] = types[request.url] ?? [];
  if (!name) return response.writeHead(404).end();
  response.writeHead(200, { "content-type": type }).end(readFileSync(join(folder, name)));
}).listen(0, "127.0.0.1");
await new Promise((done) => server.once("listening", done));

const browser = await puppeteer.launch({ browser: "firefox", executablePath: firefox, headless: true });
const results = [];
try {
  await browser.installExtension(extension);
  const page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${server.address().port}/`);
  await page.waitForFunction("window.ready === true");
  for (const name of editors) {
    for (const one of cases) {
      const result = await page.evaluate((asked) => window.tryEditor(asked), { ...one, name });
      for (const key of one.keys ?? []) {
        if (key === "Tab" || key === "Escape") await page.keyboard.press(key);
        else await page.keyboard.type(key);
        await new Promise((done) => setTimeout(done, 150));
        result.model = await page.evaluate((asked) => window.modelOf(asked), name);
      }
      for (let n = 0; n < (one.undo ?? 0) && result.model !== one.model; n++) {
        await page.keyboard.down("Control");
        await page.keyboard.press("z");
        await page.keyboard.up("Control");
        await new Promise((done) => setTimeout(done, 100));
        result.model = await page.evaluate((asked) => window.modelOf(asked), name);
      }
      results.push({ editor: name, case: one.name, ...result });
    }
  }
} finally {
  await browser.close();
  server.close();
}
console.log(JSON.stringify(results));
