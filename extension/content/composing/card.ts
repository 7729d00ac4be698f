/**
 * A link as it will look in a post: read by the server, once the person asks. Its picture comes as bytes and is painted,
 * so that neither the page nor anybody it could ask learns of it.
 */
import { errorText, t } from "../../shared/i18n";
import type { LinkCard, OfBrand } from "../../shared/messages";
import { SendError, send } from "../../shared/send";
import { checkOrphaned } from "../orphan";
import { button } from "../toolbar/button";
import { make } from "../toolbar/dom";

/** As of 2026: where the picture stands, and what is said of the link, from top to bottom. */
interface Look {
  picture: "above" | "beside";
  lines: ("host" | "title" | "description")[];
  /** The host in capital letters. */
  capitals?: boolean;
}

const LOOKS: Record<string, Look> = {
  x: { picture: "above", lines: ["title", "host"] },
  bluesky: { picture: "above", lines: ["title", "description", "host"] },
  mastodon: { picture: "above", lines: ["host", "title", "description"] },
  threads: { picture: "above", lines: ["host", "title"] },
  linkedin: { picture: "beside", lines: ["title", "host"] },
  facebook: { picture: "above", lines: ["host", "title", "description"], capitals: true },
};
const OTHER: Look = { picture: "above", lines: ["host", "title", "description"] };

/** A card that fills itself. */
export function drawCard(url: string, network: string, name: string, of: OfBrand, close: () => void): HTMLElement {
  const body = make("div", { class: "bones", "aria-busy": "true" }, make("i"), make("i"), make("i"));
  const status = make("span", { class: "vh", role: "status" });
  const card = make(
    "div",
    { class: "panel link-card", role: "dialog", "aria-label": t("toolbar_compose_card") },
    make(
      "header",
      {},
      make("span", { class: "grow", text: name ? t("toolbar_compose_card_on", { name }) : t("toolbar_compose_card") }),
      button(t("toolbar_close"), close, { class: "quiet", icon: "close", short: true }),
    ),
    body,
    status,
  );
  card.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    close();
  });
  void send("links.preview", { url, ...of }).then(
    (found) => {
      body.replaceWith(draw(found, LOOKS[network] ?? OTHER));
      status.append(make("span", { text: found.title || found.site_name }));
    },
    (error) => {
      if (checkOrphaned(error)) return close();
      const why = error instanceof SendError ? errorText(error.code, error.message) : String(error);
      body.replaceWith(make("p", { class: "none", role: "status", text: why }));
    },
  );
  return card;
}

function draw(card: LinkCard, look: Look): HTMLElement {
  const host = card.url && URL.canParse(card.url) ? new URL(card.url).hostname.replace(/^www\./, "") : card.site_name;
  const words = { host: look.capitals ? host.toUpperCase() : host, title: card.title, description: card.description };
  const lines = look.lines.map((line) => words[line] && make("span", { class: line, text: words[line] }));
  const beside = look.picture === "beside" || (card.image !== null && !card.large && card.image.width < 300);
  return make(
    "div",
    { class: `shown ${beside ? "beside" : ""}` },
    card.image && paint(card.image),
    make("div", { class: "says-so" }, ...lines),
    !card.title && !card.description && make("p", { class: "none", text: t("toolbar_compose_card_none") }),
  );
}

function paint({ content_type, data, width, height }: NonNullable<LinkCard["image"]>): HTMLElement {
  const canvas = make("canvas", { class: "picture", "aria-hidden": "true" });
  canvas.width = Math.min(width, 840);
  canvas.height = Math.round((canvas.width * height) / width);
  const bytes = Uint8Array.from(atob(data), (sign) => sign.charCodeAt(0));
  createImageBitmap(new Blob([bytes], { type: content_type })).then(
    (bitmap) => canvas.getContext("2d")?.drawImage(bitmap, 0, 0, canvas.width, canvas.height),
    () => canvas.remove(),
  );
  return canvas;
}
