// An image of a page, shared from the extension: cut by keys, turned and cut by mouse. Asked for by
// test_extension_pictures_firefox.py.
import { openPage, screenshot, seen, send, UUID, waitFor, walk, wanted } from "./driver.mjs";

const api = async (path) => {
  const headers = { Authorization: `Bearer ${wanted.token}` };
  return (await fetch(`${wanted.base}/api/v1${path}`, { headers })).json();
};

const status = (page) => page.evaluate(() => document.querySelector("dialog[open] [role=status]")?.textContent);
const closed = (page) => waitFor("no dialog", () => page.evaluate(() => !document.querySelector("dialog[open]")));
const sizes = async (page) => (await attached(page)).map(({ width, height }) => `${width}x${height}`).join();

await walk(async (browser) => {
  const panel = await openPage(browser, "sidepanel/index.html", 400, 700);
  await panel.evaluate((local) => browser.storage.local.set(local), { server: wanted.base, token: wanted.token });
  await waitFor("a brand", async () => (await send(panel, "state")).brands.length);
  await cutByKeys(await share(browser, panel, { edit: true }));
  await turnAndCutByMouse(await share(browser, panel, {}));
});

/** The mouse goes to what is called so, and presses it. */
async function press(page, name) {
  const at = await waitFor(name, () =>
    page.evaluate((name) => {
      const called = (one) => one.ariaLabel ?? one.labels?.[0]?.textContent ?? "";
      const all = [...document.querySelectorAll("button, input, textarea")];
      const found = all.find((one) => called(one).trim() === name || one.textContent.trim() === name);
      found?.scrollIntoView({ block: "nearest", behavior: "instant" });
      const box = found?.getBoundingClientRect();
      return box?.width ? { x: box.x + box.width / 2, y: box.y + box.height / 2 } : null;
    }, name),
  );
  await page.mouse.click(at.x, at.y);
}

/** What the button at a picture asks of the background; gives the composer's tab, which the background opens. */
async function share(browser, panel, more) {
  const before = new Set(await browser.pages());
  await send(panel, "share", { url: "https://forum.example/t/1", text: "", images: [wanted.picture], ...more });
  const page = await waitFor("the composer", async () =>
    (await browser.pages()).find((one) => !before.has(one) && one.url().startsWith(`moz-extension://${UUID}`)),
  );
  page.on("pageerror", (error) => seen.errors.push(String(error)));
  await page.setViewport({ width: 1000, height: 800 });
  await page.bringToFront();
  await page.waitForSelector(".compose-images img");
  return page;
}

/** The images of the draft as the server keeps them. */
async function attached(page) {
  const hash = await waitFor("a draft", () => page.evaluate(() => location.hash.includes("id=") && location.hash));
  const post = await api(`/posts/${new URLSearchParams(hash.split("?")[1]).get("id")}`);
  return Promise.all(post.media.map(async ({ id, alt }) => ({ ...(await api(`/media/${id}`)), alt })));
}

async function cutByKeys(page) {
  await waitFor("the dialog", async () => (await status(page)) === "600 × 300 px");
  await press(page, "Square");
  await waitFor("a square", async () => (await status(page)) === "300 × 300 px");
  await page.screenshot(screenshot("firefox-image-edit.png"));
  await page.focus("dialog[open] [role=application]");
  for (let n = 0; n < 12; n++) await page.keyboard.press("ArrowRight"); // as far as it goes
  await page.keyboard.down("Shift");
  for (let n = 0; n < 4; n++) await page.keyboard.press("ArrowLeft");
  await page.keyboard.up("Shift");
  seen.by_keys = await waitFor("a smaller square", async () => (await status(page)) === "240 × 240 px");
  await press(page, "Use it so");
  await closed(page);
  seen.right = await shown(page);
  await press(page, "Image 1, in words");
  await page.keyboard.type("The terrace");
  seen.cut = await waitFor("what was cut", async () => (await sizes(page)) === "240x240");
  await press(page, "Undo");
  seen.undone = await waitFor("all of it", async () => (await sizes(page)) === "600x300");
  seen.alt = await waitFor("its words", async () => (await attached(page))[0].alt);
  await page.close();
}

/** Upside down, then the corner is pulled to the middle. */
async function turnAndCutByMouse(page) {
  seen.before = await shown(page);
  await press(page, "Edit image 1");
  await press(page, "Turn");
  await waitFor("it stands", async () => (await status(page)) === "300 × 600 px");
  await press(page, "Turn");
  await waitFor("it lies again", async () => (await status(page)) === "600 × 300 px");
  const box = await (await page.$("dialog[open] [role=application]")).boundingBox();
  await page.mouse.move(box.x + box.width - 4, box.y + box.height - 4);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 2 - 4, box.y + box.height - 4, { steps: 5 });
  await page.mouse.up();
  await press(page, "Use it so");
  await closed(page);
  seen.half = await waitFor("half of it", async () => Math.abs((await attached(page))[0]?.width - 300) < 6);
  seen.turned = await shown(page);
  await page.close();
}

/** Which colours are at both ends of what is shown, in the middle of its height. */
async function shown(page) {
  return waitFor("the image", () =>
    page.$eval(".compose-images img", (image) => {
      if (!image.complete || !image.naturalWidth) return "";
      const canvas = document.createElement("canvas");
      canvas.width = image.naturalWidth;
      canvas.height = image.naturalHeight;
      const pen = canvas.getContext("2d");
      pen.drawImage(image, 0, 0);
      const at = (x) => pen.getImageData(x, canvas.height >> 1, 1, 1).data;
      return [at(1), at(canvas.width - 2)].map(([red, , blue]) => (red > blue ? "red" : "blue")).join(" ");
    }),
  );
}
