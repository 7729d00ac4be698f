/**
 * Icons are Lucide's drawings as data (`import { Reply } from "lucide"`; only what is named gets into a bundle).
 * Pages draw them with `<Icon>` of ui/, content scripts with `drawIcon`: by DOM calls, never by markup.
 */
import type { IconNode } from "lucide";

export type { IconNode };

const SVG = "http://www.w3.org/2000/svg";

/** An `<svg class="icon">` of a Lucide drawing, hidden from screen readers: the control around it has the name. */
export function drawIcon(icon: IconNode, doc: Document = document): SVGSVGElement {
  const svg = doc.createElementNS(SVG, "svg");
  const frame = { class: "icon", viewBox: "0 0 24 24", "aria-hidden": "true" };
  for (const [name, value] of Object.entries(frame)) svg.setAttribute(name, value);
  for (const [tag, attributes] of icon) {
    const shape = doc.createElementNS(SVG, tag);
    for (const [name, value] of Object.entries(attributes)) shape.setAttribute(name, String(value));
    svg.append(shape);
  }
  return svg;
}

/** Our own mark: the path of icons/mark.svg, to be drawn in a 64 × 64 box without its ground. */
export const MARK_PATH = "M19 33.5h28A15 15 0 1 0 42.6 44.2M22.4 44.6 18.8 52.4l9.6-3.6";
