// The app in a tab: keywords and sources, written, found, brought in, taken away and back; the inbox by keyboard.
// Asked for by test_app_firefox.py.
import { screenshot, seen, waitFor, walk, wanted } from "./driver.mjs";

await walk(async (browser) => {
  const page = await browser.newPage();
  page.on("pageerror", (error) => seen.errors.push(String(error)));
  await page.setViewport({ width: 1280, height: 800 });
  await page.goto(wanted.login);
  const text = (selector) => page.evaluate((selector) => document.querySelector(selector)?.innerText ?? "", selector);
  const says = (selector, words) =>
    waitFor(`${selector}: ${words}`, async () => {
      const found = await text(selector);
      return found.includes(words) && found;
    });
  const press = (words) =>
    waitFor(words, () =>
      page.evaluate((words) => {
        const all = [...document.querySelectorAll("button")];
        const found = all.find((one) => (one.ariaLabel || one.innerText).trim().startsWith(words) && !one.disabled);
        found?.click();
        return Boolean(found);
      }, words),
    );
  const show = async (route) => {
    await page.goto(`${wanted.base}/-/app/#/${route}`);
    await page.reload();
    await waitFor(route, () => page.evaluate(() => document.querySelector("main h1") !== null));
  };
  const write = async (selector, words) => {
    await waitFor(selector, () => page.evaluate((selector) => document.querySelector(selector) !== null, selector));
    await page.click(selector);
    await page.keyboard.down("Control");
    await page.keyboard.press("a");
    await page.keyboard.up("Control");
    await page.keyboard.type(words);
  };

  // A keyword: what is wrong with it, what it means, what is lit, and that it is listened for.
  await show("listening");
  await press("New keyword");
  await write(".query-field textarea", "caf* (terrasse");
  seen.fault = await says(".query-field", "(");
  seen.marked = await waitFor("what is wrong", () => text(".find-bad mark"));
  await write(".query-field textarea", 'terrasse OU "plein soleil" SAUF bar');
  seen.said = await says(".query-said", "Finds mentions");
  seen.lit = await page.evaluate(() => [...document.querySelectorAll(".query-lit .q-op")].map((one) => one.innerText));
  await page.screenshot(screenshot("firefox-keyword.png"));
  await press("Listen for it");
  seen.keyword = await says(".listening-list", "terrasse");

  // A source by an address: what is there, what it would have brought; put away and back.
  await show("sources?add=");
  await write(".source-form input", wanted.page);
  await press("Look");
  seen.candidates = await says(".candidates", "would have matched");
  await press("Listen to it");
  await says(".source-line", "Le quai");
  await page.screenshot(screenshot("firefox-sources.png"));
  await show("sources");
  await says(".source-line", "Le quai");
  await page.click(".source-line");
  await press("Remove");
  seen.empty = await waitFor("no source", () => page.evaluate(() => document.querySelector(".source-line") === null));
  await press("Undo");
  seen.back = await says(".source-line", "Le quai");

  // A list comes in, and whole back out.
  const file = await page.waitForSelector("input[type=file]", { visible: false });
  await file.uploadFile(wanted.list);
  await says("main", "3 new");
  await press("Listen to these 3");
  seen.brought = await says("main", "3 sources were added.");
  await press("Undo all of it");
  await says("main", "All of it was undone.");

  // The inbox by keyboard: done, and back.
  await show("inbox");
  // What the feed brought may come in meanwhile: only what we do ourselves is looked at.
  const stands = (words) => page.evaluate((words) => document.querySelector(".inbox-list, main").innerText.includes(words), words);
  await waitFor("the mentions", () => stands("Passé par là (0)"));
  await page.evaluate(() => {
    [...document.querySelectorAll(".inbox-row")].find((one) => one.innerText.includes("(0)")).click();
  });
  await page.keyboard.press("e");
  await waitFor("it is done", async () => !(await stands("Passé par là (0)")));
  await page.keyboard.press("u");
  seen.undone = await waitFor("it is there again", () => stands("Passé par là (0)"));
  await page.screenshot(screenshot("firefox-inbox.png"));
});
