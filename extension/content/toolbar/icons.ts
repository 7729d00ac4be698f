/** The few icons of the toolbar, and our mark. */
import { Bookmark, Check, CloudOff, Copy, Ellipsis, Reply, UserCheck, UserX, X } from "lucide";
import { drawIcon, type IconNode, MARK_PATH } from "../../shared/icons";

const ICONS = {
  answer: Reply,
  save: Bookmark,
  done: Check,
  more: Ellipsis,
  away: CloudOff,
  copy: Copy,
  close: X,
  account: UserX,
  assigned: UserCheck,
} satisfies Record<string, IconNode>;

/** Those that later parts bring (more_icons.ts, composing/icons.ts). */
type Later = "share" | "shorten" | "hide" | "check" | "teach" | "picture" | "schedule" | "card" | "campaign";
const later: Partial<Record<Later, IconNode>> = {};
export const bringIcons = (icons: Partial<Record<Later, IconNode>>): void => void Object.assign(later, icons);

export type IconName = keyof typeof ICONS | Later;

export const icon = (name: IconName): SVGSVGElement => drawIcon({ ...ICONS, ...later }[name] ?? []);

const SVG = "http://www.w3.org/2000/svg";

function drawMark(): SVGSVGElement {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "mark");
  svg.setAttribute("viewBox", "0 0 64 64");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", MARK_PATH);
  svg.append(path);
  return svg;
}

let model: SVGSVGElement | undefined;

/** The mark on its ground, 16 px. Drawn once, then copied: it stands on every post. */
export function mark(): SVGSVGElement {
  model ??= drawMark();
  return model.cloneNode(true) as SVGSVGElement;
}
