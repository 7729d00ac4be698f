/** The looks of what only a round draws, added to those that everything of ours has. */
import css from "text:./round.css";
import { make } from "../toolbar/dom";
import type { Host } from "../toolbar/host";

export function dress({ body }: Host): void {
  const root = body.getRootNode() as ShadowRoot;
  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
  } catch {
    root.append(make("style", { text: css }));
  }
}
