// Stands in for the real background in tests of adapters and of the toolbar: answers from `canned`, notes what was
// asked. The real one is tested with the real server.
"use strict";

const NO_REASON = { code: "words", words: [] };

globalThis.asked = [];
globalThis.canned = {
  state: {
    paired: true,
    reachable: true,
    hidden: false,
    brand: { id: "1", name: "Café Lumière" },
    handle: "@cafelumiere",
    whose: "ours",
    among: [],
    language: "en",
    confirmed: true,
    pictures: false,
    mentions: {},
    keywords: [["cafe lumiere"]],
    keys: { reply: "Alt+R", shorten: "Alt+S", choose: "123456789", search: "/" },
  },
  suggestions: {
    id: "77",
    language: "en",
    nothing_fits: false,
    items: [
      {
        reply_id: "1",
        title: "Terrace and children",
        text: "Hello Maud, yes: the terrace has 30 seats and a corner for children. Book here: https://lum.example/b7kd",
        blanks: [],
        score: 0.9,
        because: { code: "words", words: ["terrace", "children"] },
      },
      {
        reply_id: "2",
        title: "Order",
        text: "Hello Maud,\ncould you tell us your number? [Order number]\n\nThank you.",
        blanks: ["Order number"],
        score: 0.6,
        because: { code: "used_before", words: [] },
      },
      { reply_id: "3", title: "Menu", text: "Thank you for thinking of us.", blanks: [], score: 0.4, because: NO_REASON },
    ],
  },
  at: { replied: null, others: [] },
  shorten: { url: "https://lum.example/x1", public: true, why: "" },
  // Address → what goes in its place; any other gets a number.
  short: {},
  about: { counting: null, campaign: "", campaigns: [] },
  card: { url: "https://cafelumiere.example/menu", title: "The terrace is open", description: "Thirty seats.", site_name: "Café Lumière", large: true, image: null },
  // With `brands`, the account on the page chooses the brand as the real background does.
  brands: null,
  chosen: "",
  known: [],
  settled: {},
  adapters: [],
  errors: {},
  slow: "",
  round: null,
};

const answers = {
  // The real ones, from kit.ts:
  "page.kit": async ({ host }, sender) => ({
    ...pageKit(host, canned.state.language, merged(canned.adapters)),
    kept: await isAnythingKept(sender),
  }),
  "page.keep": (ask, sender) => keepInTab(ask, sender),
  "page.recall": (_ask, sender) => takeFromTab(sender),
  "page.state": (page) => (canned.brands ? { ...canned.state, ...clientOf(page) } : canned.state),
  "client.check": ({ brand_id, ...page }) =>
    canned.brands
      ? verdictOn(page, brand_id, canned.brands, canned.known, canned.settled[page.account] ?? "")
      : { ask: "no", reply_brand: "", account_brand: "" },
  "client.settle": ({ account, brand_id }) => void (canned.settled[account] = brand_id),
  "client.remember": ({ network, account, brand_id, undo }) => {
    canned.known = undo ? [] : [...canned.known, { network, handle: account, brand_id }];
    return { kept: "brand" };
  },
  "page.bring": async ({ part }, { tab, frameId }) => {
    await chrome.scripting.executeScript({ target: { tabId: tab.id, frameIds: [frameId] }, files: [`${part}.js`] });
    return {};
  },
  suggest: ({ query }) => {
    if (!query) return canned.suggestions;
    const items = canned.suggestions.items.filter(({ text }) => text.toLowerCase().includes(query.toLowerCase()));
    return { ...canned.suggestions, id: "", items, nothing_fits: items.length === 0 };
  },
  "site.confirm": ({ on }) => void setState({ confirmed: on }),
  "site.teach": ({ host, adapter }) => {
    const site = validAdapter(adapter, host);
    if (site) canned.adapters = [site];
    setTimeout(() => void push({ push: "page.kit.changed" }));
    return { id: site ? "7" : "" };
  },
  "site.unteach": () => {
    canned.adapters = [];
    setTimeout(() => void push({ push: "page.kit.changed" }));
  },
  "mention.save": () => ({ id: "501" }),
  "mention.at": () => canned.at,
  "mention.status": () => ({ id: "501" }),
  "reply.save": () => ({ id: "601" }),
  shorten: () => canned.shorten,
  "links.shorten": ({ urls }) =>
    urls.map((url, n) => ({ asked: url, url: `https://lum.example/x${n + 1}`, public: true, why: "", error: "", message: "", ...canned.short[url] })),
  "links.preview": () => canned.card,
  "box.about": () => canned.about,
  "campaign.use": () => undefined,
  share: () => undefined,
  "round.view": () => canned.round,
  "pictures.use": ({ on }) => void setState({ pictures: on }),
};

function clientOf(page) {
  const found = whoseAccount(page, canned.brands, canned.known, [canned.chosen, canned.settled[page.account] ?? ""]);
  const named = (id) => canned.brands.filter((brand) => brand.id === id).map(({ id, name }) => ({ id, name }));
  const among = found.whose === "shared" ? found.among.flatMap(named) : [];
  return { brand: named(found.brand_id)[0] ?? null, handle: page.account, whose: found.whose, among };
}

chrome.runtime.onMessage.addListener(({ request, ask }, sender, answer) => {
  asked.push({ request, ask });
  const error = canned.errors[request];
  const reply = async () =>
    answer(error ? { ok: false, error } : { ok: true, value: (await answers[request]?.(ask, sender)) ?? {} });
  if (request !== canned.slow) void reply();
  else waiting.push(reply);
  return true;
});

/** The answers that `canned.slow` kept back. */
const waiting = [];
globalThis.release = () => {
  canned.slow = "";
  for (const reply of waiting.splice(0)) reply();
};

/** Change what pages are told, and tell them. */
globalThis.setState = async (change) => {
  Object.assign(canned.state, change);
  await globalThis.push({ push: "page.state.changed" });
};

globalThis.push = async (message) => {
  for (const { id } of await chrome.tabs.query({})) await chrome.tabs.sendMessage(id, message).catch(() => undefined);
};

/** Ask the page in the newest tab, as the background does for popup and panel. */
globalThis.askPage = async (inquiry) => {
  const tabs = await chrome.tabs.query({});
  return chrome.tabs.sendMessage(tabs.at(-1).id, { inquiry }, { frameId: 0 }).catch(() => null); // not there yet
};
