/** Our reading of a page without the toolbar, as a content script: a test asks by an event and gets all of it as JSON. */
import { boxesOf } from "../../../extension/content/boxes";
import { editorOf } from "../../../extension/content/inserter/detect";
import { Owners } from "../../../extension/content/owners";
import { Posts } from "../../../extension/content/posts";
import { isNested, readAccount, readPost, replyButtonOf, rowOf, within } from "../../../extension/content/read";
import { soundSite } from "../../../extension/content/sound";
import { sitesAt } from "../../../extension/sites";
import { siteOf } from "../../../extension/sites/find";
import type { Hook, Site } from "../../../extension/sites/types";

const IN_QUOTES = "[data-test-quote], [data-test-ad]"; // what the skeletons say of themselves

function readPage(site: Site) {
  const posts = new Posts(site, { owner: () => ({}) as never, added() {}, stepBack() {} });
  posts.look([document.documentElement]);
  const owners = new Owners(site);
  const found = posts.all().map(({ element, variant }) => ({
    variant: variant.name,
    ...readPost(element, site, variant),
    row: rowOf(element, variant) !== null,
    reply: replyButtonOf(element, variant) !== null,
    inQuote: element.closest(IN_QUOTES) !== null,
    misses: misses(element, site, variant.name),
  }));
  const boxes = boxesOf(site).map(({ element, composer }) => {
    const editor = editorOf(element);
    const owner = editor && owners.of(editor.root, posts);
    return {
      composer: site.composers.indexOf(composer),
      kind: editor?.kind ?? "",
      owner: owner ? readPost(owner.element, site, owner.variant, true).url : "",
    };
  });
  const nested = site.variants.flatMap((variant) =>
    [...document.querySelectorAll(variant.post.css)].filter((element) => isNested(element, site, variant)),
  ).length;
  const submit = site.submit.filter(({ css }) => document.querySelector(css)).length;
  posts.stop();
  return { site: site.id, posts: found, boxes, nested, submit, account: readAccount(site) };
}

/** Hooks of a post that match less or more often than the adapter says. */
function misses(post: Element, site: Site, name: string): string[] {
  const variant = site.variants.find((one) => one.name === name)!;
  const { author, handle, id, text, time, reply, rows } = variant;
  const hooks: Hook[] = [...author, ...handle, ...id, ...text, ...time, ...(reply ? [reply] : [])];
  for (const row of rows) if ("css" in row) hooks.push(row);
  return hooks.flatMap(({ css, finds }) => {
    const n = within(post, variant, css).length;
    const right = finds === "maybe" ? n <= 1 : finds === "one" ? n === 1 : n >= 1;
    return right ? [] : [`${name}: ${css} finds ${n}, not ${finds}`];
  });
}

addEventListener("read", () => {
  const site = siteOf(sitesAt(location.hostname), document);
  const result = site && readPage(soundSite(site));
  dispatchEvent(new CustomEvent("was-read", { detail: JSON.stringify(result) }));
});
document.documentElement.dataset.reader = "ready";
