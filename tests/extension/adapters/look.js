// What is to be seen on a skeleton page, in either browser: an expression that both drivers evaluate in the page.
async ({ wanted, pressed, another }) => {
  const pause = (ms) => new Promise((done) => setTimeout(done, ms));
  const until = async (ready) => {
    for (const end = performance.now() + 3000; !(await ready()) && performance.now() < end; ) await pause(20);
  };
  const read = () =>
    new Promise((done, fail) => {
      addEventListener("was-read", (event) => done(JSON.parse(event.detail)), { once: true });
      setTimeout(fail, 3000, new Error("the page was not read"));
      dispatchEvent(new Event("read"));
    });
  const drawn = (bar) => Boolean(bar.shadowRoot?.querySelector(".rest, .bar"));
  const rows = () =>
    [...document.querySelectorAll("[data-test-post] entregent-bar, [data-test-row] entregent-bar")]
      .filter(drawn)
      .map((bar) => bar.closest("[data-test-row]")?.dataset.testRow ?? "elsewhere")
      .sort();
  /** Marks that do not stand in the line of their row, where each of these pages has room for them. */
  const outside = () =>
    [...document.querySelectorAll("[data-test-row] entregent-bar")].filter((bar) => {
      const mark = bar.shadowRoot?.querySelector(".rest, .bar")?.getBoundingClientRect();
      const row = bar.closest("[data-test-row]").getBoundingClientRect();
      const middle = mark && (mark.top + mark.bottom) / 2;
      return !mark || middle < row.top || middle > row.bottom || mark.left < 0 || mark.right > innerWidth;
    }).length;
  const strangers = () =>
    document.querySelectorAll("[data-test-quote] entregent-bar, [data-test-ad] entregent-bar").length;

  await until(() => document.documentElement.dataset.reader);
  await until(() => rows().length >= wanted);
  await pause(80); // what should not come would be there by then
  const seen = { ...(await read()), rows: rows(), strangers: strangers(), outside: outside() };
  if (pressed !== null) {
    const before = seen.boxes.length;
    document.querySelector(`[data-test-row="${pressed}"] [data-test-reply], [data-test-post="${pressed}"] [data-test-reply]`).click();
    seen.boxes_pressed = (await read()).boxes;
    if (seen.boxes_pressed.length < before) seen.boxes_pressed = null;
  }
  if (another) {
    const made = document.createElement("template");
    made.innerHTML = another;
    const post = made.content.firstElementChild;
    const number = Number(post.dataset.testPost);
    const used = document.querySelector(`[data-test-post="${number}"]`);
    for (const { name } of [...used.attributes]) used.removeAttribute(name);
    for (const { name, value } of [...post.attributes]) used.setAttribute(name, value);
    used.replaceChildren(...post.childNodes);
    await until(() => rows().length === wanted);
    seen.again = (await read()).posts[number];
    seen.rows_again = rows();
  }
  return seen;
};
