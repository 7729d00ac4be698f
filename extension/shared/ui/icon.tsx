import type { IconNode } from "lucide";
import { createElement } from "preact";
import { MARK_PATH } from "../icons";

/** A Lucide drawing. Always decoration: the control around it carries the name. */
export function Icon({ icon, class: extra = "" }: { icon: IconNode; class?: string }) {
  return (
    <svg class={`icon ${extra}`} viewBox="0 0 24 24" aria-hidden="true">
      {icon.map(([tag, attributes], index) =>
        createElement(tag, { key: index, ...attributes } as Record<string, unknown>),
      )}
    </svg>
  );
}

/** Our mark, on its green ground. */
export function Mark({ size = 22 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 64 64" aria-hidden="true" style={{ flex: "none" }}>
      <rect width="64" height="64" rx="15" fill="#0c6b66" />
      <path d={MARK_PATH} fill="none" stroke="#fff" stroke-width="6.2" stroke-linecap="round" stroke-linejoin="round" />
    </svg>
  );
}
