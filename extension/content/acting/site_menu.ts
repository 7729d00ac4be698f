/** What belongs to the whole page, in every menu of ours: an account to be named, checking and teaching, hiding. */
import { t } from "../../shared/i18n";
import { send } from "../../shared/send";
import type { Site } from "../../sites/types";
import type { Posts } from "../drawing/posts";
import { host } from "../frame";
import type { Later } from "../later";
import type { State } from "../state";
import type { Teaching } from "../teaching/teaching";
import { attempt } from "../toolbar/attempt";
import type { Item } from "../toolbar/menu";
import type { Acting } from "./acting";

export interface SiteGround {
  site: Site | null;
  state: State;
  acting: Later<Acting>;
  teaching: Later<Teaching>;
  posts(): Posts | null;
  /** The person looks whether the marks fall on the right posts. */
  trying(): boolean;
}

export function siteMenu({ site, state, acting, teaching, posts, trying }: SiteGround): (Item | null)[] {
  const { whose, brand, paired, pictures } = state.now;
  const items: Item[] = [];
  if (whose === "other" && brand) {
    const words = t("toolbar_is_ours", { brand: brand.name });
    items.push({ icon: "account", words, run: () => acting.use(({ client }) => client.remember()) });
  }
  if (site?.tier === "unchecked" && !site.composer_only && !trying()) {
    items.push({ icon: "check", words: t("toolbar_check_page"), run: () => teaching.use((part) => part.check()) });
  }
  if (site?.tier !== "checked" || posts()?.missing.all) {
    items.push({ icon: "teach", words: t("toolbar_teach"), run: () => teaching.use((part) => part.teach()) });
  }
  if (paired) {
    const use = () => attempt(() => send("pictures.use", { host: location.hostname, on: !pictures }));
    items.push({ icon: "picture", words: t(pictures ? "toolbar_pictures_off" : "toolbar_pictures_on"), run: use });
  }
  return items.length > 0 ? [...items, null, ...hiding(state)] : hiding(state);
}

function hiding(state: State): Item[] {
  const hide = (scope: "site" | "ever") => () =>
    void attempt(async () => {
      await send("site.hide", { host, scope });
      await state.refresh();
    });
  return [
    { icon: "hide", words: t("toolbar_hide_site", { host }), run: hide("site") },
    { icon: "hide", words: t("toolbar_hide_ever"), run: hide("ever") },
  ];
}
