/** Which campaign the links of a box are of: named once, kept for the brand in this browser. */
import { t } from "../../shared/i18n";
import { button } from "../toolbar/button";
import { make } from "../toolbar/dom";

export interface CampaignJob {
  now: string;
  /** Named before, the latest first. */
  names: string[];
  choose(name: string): void;
  close(): void;
}

const LONGEST = 100;

export function drawCampaign({ now, names, choose, close }: CampaignJob): HTMLElement {
  const field = make("input", {
    type: "text",
    class: "search",
    value: now,
    maxlength: LONGEST,
    placeholder: t("toolbar_compose_campaign_hint"),
    "aria-label": t("toolbar_compose_campaign_name"),
    autocomplete: "off",
  });
  field.value = now;
  const done = () => choose(field.value.replace(/\s+/g, " ").trim());
  const before = names
    .filter((name) => name !== now)
    .slice(0, 5)
    .map((name) => button(name, () => choose(name), { class: "btn" }));
  const form = make(
    "div",
    { class: "panel campaign", role: "dialog", "aria-label": t("toolbar_compose_campaign_name") },
    make(
      "header",
      {},
      make("span", { class: "grow", text: t("toolbar_compose_campaign_name") }),
      button(t("toolbar_close"), close, { class: "quiet", icon: "close", short: true }),
    ),
    make(
      "div",
      { class: "write" },
      make("p", { class: "why", text: t("toolbar_compose_campaign_why") }),
      field,
      before.length > 0 && make("div", { class: "chips" }, ...before),
      make(
        "div",
        { class: "acts" },
        now ? button(t("toolbar_compose_campaign_none"), () => choose(""), { class: "btn" }) : null,
        button(t("toolbar_save"), done, { class: "btn go" }),
      ),
    ),
  );
  form.addEventListener("keydown", (event) => {
    if (event.isComposing || (event.key !== "Escape" && (event.key !== "Enter" || event.target !== field))) return;
    event.preventDefault();
    if (event.key === "Enter") done();
    else close();
  });
  return form;
}
