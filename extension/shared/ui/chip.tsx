import type { IconNode } from "lucide";
import type { ComponentChildren } from "preact";
import { Icon } from "./icon";

/** A short state. Colour is never the only sign: the word, or an icon beside it, says the same. */
export function Chip({
  tone = "",
  icon,
  children,
}: {
  tone?: "" | "good" | "bad" | "warn" | "accent";
  icon?: IconNode;
  children: ComponentChildren;
}) {
  return (
    <span class={`chip ${tone}`}>
      {icon && <Icon icon={icon} />}
      {children}
    </span>
  );
}
