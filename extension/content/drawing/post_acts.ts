/** One post: what its toolbar shows, saving and sharing it; the rest is behind ⋯ (acting/post_menu.ts), which comes later. */
import { t } from "../../shared/i18n";
import type { PagePost } from "../../shared/messages";
import { send } from "../../shared/send";
import type { Acting } from "../acting/acting";
import { bring } from "../bring";
import type { Later } from "../later";
import { checkOrphaned } from "../orphan";
import { addressOf } from "../pictures/which";
import type { State } from "../state";
import { attempt } from "../toolbar/attempt";
import type { Saving, View } from "../toolbar/bar";
import { showNotice } from "../toolbar/notice";
import type { Saved } from "../toolbar/save_form";
import type { Owner } from "../toolbar/toolbar";
import { Matching } from "./matching";
import type { Known, Posts } from "./posts";

export interface PostGround {
  state: State;
  posts(): Posts | null;
  acting: Later<Acting>;
}

export class PostActs {
  readonly #ground: PostGround;
  readonly #matching: Matching;
  readonly #saving = new Map<string, Saving>();
  #savingFor = "";

  constructor(ground: PostGround) {
    this.#ground = ground;
    this.#matching = new Matching(ground.state);
  }

  ownerOf(known: Known): Owner {
    const { acting } = this.#ground;
    return {
      view: () => this.#viewOf(known),
      acts: (toolbar) => ({
        answer: () => acting.use((made) => void made.answer(known, toolbar)),
        save: () => this.save(known),
        more: (button) => acting.use((made) => made.openMenu(known, toolbar, button)),
        connect: () => void attempt(() => send("open.app", { page: "pair" })),
      }),
      // Whoever unfolds a toolbar may act: what that needs is there by then.
      unfolded: () => void bring("acting").catch(checkOrphaned),
    };
  }

  #viewOf({ post }: Known): View {
    const { state } = this.#ground;
    const mention = state.mentionAt(post.url);
    return {
      state: state.now,
      mention,
      matched: mention !== null || this.#matching.holdsKeyword(post.text),
      saving: this.#saving.get(post.url) ?? "no",
      version: state.version,
    };
  }

  freshOf(known: Known): PagePost {
    return this.#ground.posts()?.fresh(known) ?? known.post;
  }

  /** Once it is known which brand this page works for: where several have the account in use, that is asked. */
  async forOne({ element }: Known, run: () => unknown): Promise<void> {
    const { state, acting } = this.#ground;
    await state.look();
    if (state.now.whose !== "shared") run();
    else acting.use(async ({ client }) => (await client.isKnown(element)) && run());
  }

  // --- saving ---

  save(known: Known, what?: Saved): void {
    void this.forOne(known, () => this.#save(known, what));
  }

  async #save(known: Known, what?: Saved): Promise<void> {
    const { state } = this.#ground;
    const post = this.freshOf(known);
    this.#setSaving(known, "saving");
    try {
      const { id } = await send("mention.save", { post, ...what, ...state.of() });
      this.#saving.delete(post.url);
      const before = state.mentionAt(post.url);
      state.note(post.url, { status: "new", intent: null, replied_by: "", ...before, id });
      if (what) showNotice({ text: t("toolbar_saved_with") });
    } catch (error) {
      const queued = await attempt(() => Promise.reject(error));
      this.#setSaving(known, queued ? "queued" : "no");
    }
  }

  #setSaving(known: Known, saving: Saving): void {
    this.#saving.set(known.post.url, saving);
    this.#ground.posts()?.refreshOne(known);
  }

  /** What was saved was saved for one brand. */
  forgetSaving(): void {
    const brand = this.#ground.state.now.brand?.id ?? "";
    if (brand !== this.#savingFor) this.#saving.clear();
    this.#savingFor = brand;
  }

  // --- sharing ---

  share(known: Known): void {
    const { url, text } = this.freshOf(known);
    void attempt(() => send("share", { url, text: text.slice(0, 500), ...this.#ground.state.of() }));
  }

  /** `edit`: cut or turned first. */
  shareImage(image: HTMLImageElement, edit: boolean): void {
    const { state, posts } = this.#ground;
    const known = posts()?.around(image);
    const url = (known && this.freshOf(known).url) || location.href;
    void attempt(() =>
      send("share", { url, text: "", images: [addressOf(image)], ...(edit && { edit }), ...state.of() }),
    );
  }
}
