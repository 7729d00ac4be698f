import type { IconNode } from "lucide";
import type { ComponentChildren } from "preact";
import { Icon } from "./icon";

/** Nothing here: what that means, and what to do next. */
export function Empty({ icon, title, children }: { icon?: IconNode; title: string; children?: ComponentChildren }) {
  return (
    <div class="empty">
      {icon && <Icon icon={icon} />}
      <h2>{title}</h2>
      {children}
    </div>
  );
}
