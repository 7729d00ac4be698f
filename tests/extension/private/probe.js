// What a page can try to read of what stands on it: every way we know, run in the page's own world.
// Gives [way, word] for each of `words` that it got hold of.
window.probe = (words) => {
  const found = [];
  const note = (way, text) => {
    for (const word of words) if (String(text ?? "").toLowerCase().includes(word.toLowerCase())) found.push([way, word]);
  };
  const selection = getSelection();
  const ranges = [...Array(selection.rangeCount)].map((_, n) => selection.getRangeAt(n));
  const hosts = [...document.querySelectorAll("entregent-bar")];
  for (const word of words) {
    selection.removeAllRanges();
    if (window.find(word, false, false, true, false, true, false)) found.push(["find", word]);
  }
  const copied = (event) => note("copy", selection.toString() + event.clipboardData?.getData("text/plain"));
  for (const type of ["copy", "cut"]) addEventListener(type, copied, true);
  const all = () => {
    note("selection", selection.toString());
    document.execCommand("copy");
    for (const options of [{}, { shadowRoots: [] }]) {
      const [range] = selection.getComposedRanges?.(options) ?? [];
      if (range) note("composed range", `${range.startContainer.data} ${range.endContainer.data} ${range.startContainer.innerText}`);
    }
    selection.modify?.("extend", "forward", "documentboundary");
    note("selection extended", selection.toString());
  };
  document.execCommand("selectAll");
  all();
  for (const node of [document.documentElement, ...hosts]) {
    selection.removeAllRanges();
    selection.selectAllChildren(node);
    all();
    note("text", `${node.innerText} ${node.textContent} ${node.outerHTML} ${node.title} ${node.ariaLabel}`);
    note("html", node.getHTML?.({ serializableShadowRoots: true, shadowRoots: [] }));
    note("content", getComputedStyle(node, "::before").content + getComputedStyle(node, "::after").content);
    if (node.shadowRoot) found.push(["shadow root", node.localName]);
  }
  for (let x = 4; x < innerWidth; x += 23) {
    for (let y = 4; y < innerHeight; y += 19) {
      for (const hit of document.elementsFromPoint(x, y)) if (hosts.includes(hit)) note("point", hit.innerText);
      const caret = document.caretPositionFromPoint?.(x, y)?.offsetNode ?? document.caretRangeFromPoint?.(x, y)?.startContainer;
      if (caret) note("caret", caret.data ?? caret.innerText ?? "");
    }
  }
  for (const type of ["copy", "cut"]) removeEventListener(type, copied, true);
  selection.removeAllRanges();
  for (const range of ranges) selection.addRange(range);
  return found;
};
/** How much of the window is ours, of 1. */
window.ours = () => {
  let hits = 0;
  let n = 0;
  for (let x = 4; x < innerWidth; x += 23) {
    for (let y = 4; y < innerHeight; y += 19, n++) hits += document.elementFromPoint(x, y)?.localName === "entregent-bar";
  }
  return hits / n;
};
/** Whether a page can speak to us, or find us by our files. */
window.reach = async (base) => {
  const got = [];
  for (const api of [window.chrome, window.browser]) {
    for (const name of ["sendMessage", "connect"]) {
      for (const id of [new URL(base).host, "entregent@entregent.example"]) {
        try {
          const answer = await api.runtime[name](id, { request: "page.state", ask: {} });
          if (name === "sendMessage" && answer !== undefined) got.push(`${name} ${id}`);
        } catch {}
      }
    }
  }
  for (const path of ["manifest.json", "content.js", "drawing.js", "acting.js", "background.js", "extension/build/content.js", "extension/build/app/index.html", "extension/icons/16.png", "_locales/en/messages.json"]) {
    if (await fetch(base + path).then(() => true, () => false)) got.push(path);
    const image = new Image();
    const loads = new Promise((done) => { image.onload = () => done(true); image.onerror = () => done(false); });
    image.src = base + path;
    if (await loads) got.push(`image ${path}`);
  }
  window.postMessage({ request: "page.state", ask: {} }, "*");
  window.postMessage({ push: "toolbar.focus" }, "*");
  return got;
};
