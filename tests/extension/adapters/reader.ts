/** Our reading of a page without the toolbar, as a content script: a test asks by an event and gets all of it as JSON. */
import { boxesOf } from "../../../extension/content/acting/boxes";
import { picturesOf } from "../../../extension/content/composing/attached";
import { editorOf } from "../../../extension/content/inserter/detect";
import { Owners } from "../../../extension/content/acting/owners";
import { Posts } from "../../../extension/content/drawing/posts";
import { isNested, readPost, replyButtonOf, rowOf, within } from "../../../extension/content/drawing/read";
import { readAccount } from "../../../extension/content/reads";
import { soundSite } from "../../../extension/content/sound";
import { sitesAt } from "../../../extension/sites";
import { siteOf } from "../../../extension/sites/find";
import type { Hook, Site } from "../../../extension/sites/types";

const FOREIGN = "[data-test-quote], [data-test-ad]"; // what the skeletons say of themselves

const { posts, owners, site } = prepare();

function prepare() {
  const found = siteOf(sitesAt(location.hostname), document);
  const site = found && soundSite(found);
  const posts = site && new Posts(site, { owner: () => ({}) as never, added() {}, stepBack() {} });
  return { site, posts, owners: site && new Owners(site) };
}

// As the page's own script does: the reply button pressed last says what a box answers.
document.addEventListener(
  "click",
  (event) => {
    const at = event.target instanceof Element ? event.target : null;
    const known = at && posts?.around(at);
    if (known && replyButtonOf(known.element, known.variant)?.contains(at)) owners?.press(known);
  },
  { capture: true },
);

function readPage(site: Site, posts: Posts, owners: Owners) {
  posts.look([document.documentElement]);
  const found = posts.all().map(({ element, variant }) => ({
    variant: variant.name,
    ...readPost(element, site, variant),
    row: rowOf(element, variant)?.getAttribute("data-test-row") ?? "",
    reply: replyButtonOf(element, variant) !== null,
    foreign: element.closest(FOREIGN) !== null,
    misses: misses(element, site, variant.name),
  }));
  const boxes = boxesOf(site).map(({ element, composer }) => {
    const editor = editorOf(element);
    const owner = editor && owners.of(editor.root, posts);
    const pictures = editor && picturesOf(editor.root, composer.attached);
    return {
      kind: editor?.kind ?? "",
      owner: owner ? readPost(owner.element, site, owner.variant, true).url : "",
      pictures: pictures && [pictures.all, pictures.missing, pictures.describe?.dataset.testAlt ?? ""],
    };
  });
  const said = boxesOf(site).map(({ composer }) => composer.editor);
  const submit = site.submit.filter(({ css }) => document.querySelector(css)).length;
  posts.stop();
  return { site: site.id, posts: found, boxes, said, submit, account: readAccount(site) };
}

/** Hooks of a post that match less or more often than the adapter says; of several places for a value, those in use. */
function misses(post: Element, site: Site, name: string): string[] {
  const variant = site.variants.find((one) => one.name === name)!;
  const { author, handle, id, thread = [], text, time, reply, rows } = variant;
  const plain = rows.flatMap((row) => ("css" in row ? [row] : []));
  const lists: Hook[][] = [author, handle, id, thread, text, time, plain, reply ? [reply] : []];
  return lists.flatMap((hooks) => {
    const counted = hooks.map(({ css, finds }) => ({ css, finds, n: within(post, variant, css).length }));
    const used = counted.some(({ n }) => n > 0) ? counted.filter(({ n }) => n > 0) : counted;
    return used.flatMap(({ css, finds, n }) => {
      const right = finds === "maybe" ? n <= 1 : finds === "one" ? n === 1 : n >= 1;
      return right ? [] : [`${name}: ${css} finds ${n}, not ${finds}`];
    });
  });
}

addEventListener("read", () => {
  const result = site && posts && owners ? readPage(site, posts, owners) : null;
  dispatchEvent(new CustomEvent("was-read", { detail: JSON.stringify(result) }));
});
document.documentElement.dataset.reader = "ready";
