// A Firefox with the extension in it, driven by puppeteer-core over WebDriver BiDi, and what all walks here need of it.
// A walk is asked for with one JSON object as its argument and prints one JSON object of what was seen.
import { createRequire } from "node:module";
import { join } from "node:path";

export const wanted = JSON.parse(process.argv[2]);
const require = createRequire(join(import.meta.dirname, "..", "..", "peers", "package.json"));
const { default: puppeteer } = await import(require.resolve("puppeteer-core"));

const ID = "entregent@entregent.example";
export const UUID = "3e0b5f1e-9c37-4f43-8f0a-1f5d6f6f0e11"; // any will do: Firefox draws one for each profile
export const seen = { errors: [] };
export const screenshot = (name) => ({ path: join(wanted.screenshots, name) });

/** The first true value of `look`, asked again and again for at most `timeout_ms`. */
export async function waitFor(what, look, timeout_ms = 15_000) {
  const until = Date.now() + timeout_ms;
  for (;;) {
    const value = await look().catch((error) => void (seen.last_error = String(error)));
    if (value) return value;
    if (Date.now() > until) throw new Error(`never happened: ${what} (${seen.last_error ?? ""})`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/**
 * Runs `steps` in a new Firefox and prints what was seen. Firefox lets a driver into pages of an extension only with
 * system access; `inPrivate`: as where the person ticked "Run in Private Windows".
 */
export async function walk(steps, { inPrivate = false } = {}) {
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
    const extensionData = { type: "path", path: wanted.extension };
    const asked = { extensionData, "moz:allowPrivateBrowsing": inPrivate };
    seen.id = (await browser.connection.send("webExtension.install", asked)).result.extension;
    await steps(browser);
  } catch (error) {
    seen.errors.push(String(error?.stack ?? error));
  } finally {
    await browser.close();
  }
  console.log(JSON.stringify(seen));
}

/** A page of the extension. The driver's own wait never ends there, so we wait for its root instead. */
export async function openPage(browser, path, width, height) {
  const page = await browser.newPage();
  page.on("pageerror", (error) => seen.errors.push(String(error)));
  await page.setViewport({ width, height });
  page.goto(`moz-extension://${UUID}/extension/build/${path}`, { timeout: 60_000 }).catch(() => undefined);
  await waitFor(path, () => page.evaluate(() => document.querySelector("#root")?.childElementCount > 0));
  return page;
}

/** What a page of the extension asks of the background. */
export async function send(page, request, ask = {}) {
  const message = { request, ask };
  const reply = await page.evaluate((sent) => browser.runtime.sendMessage(sent), message);
  if (!reply.ok) throw new Error(JSON.stringify(reply.error));
  return reply.value;
}

/** An expression in the browser's own windows, which the driver reaches with system access; gives what it resolves to. */
export async function inBrowser(browser, expression) {
  const { connection } = browser;
  const { result: tree } = await connection.send("browsingContext.getTree", { "moz:scope": "chrome" });
  const target = { context: tree.contexts[0].context };
  const { result: answer } = await connection.send("script.evaluate", { expression, target, awaitPromise: true });
  if (answer.type !== "success") throw new Error(`${expression}: ${JSON.stringify(answer.exceptionDetails?.text)}`);
  return answer.result.value;
}

// --- ours in a page: the build that tests load has open shadow roots ---

/** The words of all of ours that match. */
export const ours = (page, selector) =>
  page.evaluate((selector) => {
    const roots = [...document.querySelectorAll("entregent-bar")].map((bar) => bar.shadowRoot);
    return roots.flatMap((root) => [...root.querySelectorAll(selector)]).map((one) => one.innerText);
  }, selector);

/** The mouse is moved and pressed as a person does. */
export async function click(page, selector, words = "") {
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
}

/** Documents by their addresses; everything else is nothing. */
export async function serve(page, documents) {
  await page.setRequestInterception(true);
  page.on("request", (request) => {
    const body = documents[request.url()] ?? "";
    request.respond({ status: 200, contentType: "text/html; charset=utf-8", body });
  });
}
