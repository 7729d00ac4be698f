/** The few icons of the toolbar, and our mark. */
import { Bookmark, Check, CloudOff, Copy, Ellipsis, EyeOff, Link2, Reply, Search, Send, X } from "lucide";
import { drawIcon, type IconNode, MARK_PATH } from "../../shared/icons";

const ICONS = {
  answer: Reply,
  save: Bookmark,
  done: Check,
  more: Ellipsis,
  share: Send,
  shorten: Link2,
  hide: EyeOff,
  away: CloudOff,
  search: Search,
  copy: Copy,
  close: X,
} satisfies Record<string, IconNode>;

export type IconName = keyof typeof ICONS;

export const icon = (name: IconName): SVGSVGElement => drawIcon(ICONS[name]);

const SVG = "http://www.w3.org/2000/svg";

/** The mark on its ground, 16 px. */
export function mark(): SVGSVGElement {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "mark");
  svg.setAttribute("viewBox", "0 0 64 64");
  svg.setAttribute("aria-hidden", "true");
  const ground = document.createElementNS(SVG, "rect");
  for (const [name, value] of [
    ["width", "64"],
    ["height", "64"],
    ["rx", "15"],
  ] as const)
    ground.setAttribute(name, value);
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", MARK_PATH);
  svg.append(ground, path);
  return svg;
}
