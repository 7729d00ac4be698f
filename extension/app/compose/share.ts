/** A network's own composer, opened filled in: for networks where nobody can post but the person. */
import type { Network } from "./types";

const ADDRESS = /https?:\/\/[^\s<>"«»]+/iu;

export interface Intent {
  network: string;
  name: string;
  url: string;
  /** The composer cannot be given the text: it is put into the clipboard first. */
  needs_paste: boolean;
}

/** The composers that can be opened with this text. What needs a server of its own is left out. */
export function intentsFor(networks: Network[], text: string, address = ""): Intent[] {
  return networks.flatMap(({ network, name, share_intent }) => {
    if (!share_intent?.template.startsWith("https://") || share_intent.template.includes("{server}")) return [];
    const carries_url = share_intent.carries.includes("url");
    const carries_text = share_intent.carries.includes("text");
    const found = ADDRESS.exec(text)?.[0].replace(/[.,;:!?)]+$/u, "") ?? address;
    if (carries_url && !carries_text && !found) return [];
    const words = carries_url && found ? text.replace(found, "").trim() : withAddress(text, found);
    const url = share_intent.template
      .replace("{text}", encodeURIComponent(words))
      .replace("{url}", encodeURIComponent(found))
      .replace(/([?&])\w+=(?=&|$)/g, "$1")
      .replace(/[?&]+$/, "")
      .replace(/([?&])&+/g, "$1");
    return [{ network, name, url, needs_paste: !carries_text && words !== "" }];
  });
}

function withAddress(text: string, address: string): string {
  return address && !text.includes(address) ? `${text} ${address}`.trim() : text;
}
