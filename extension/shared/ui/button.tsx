import type { IconNode } from "lucide";
import type { ButtonHTMLAttributes, ComponentChildren } from "preact";
import { Icon } from "./icon";
import { Kbd } from "./keypanel";

type Kind = "plain" | "primary" | "ghost" | "danger";
type ButtonProps = Omit<ButtonHTMLAttributes, "size" | "icon" | "type" | "disabled" | "role"> & {
  kind?: Kind;
  big?: boolean;
  icon?: IconNode;
  /** A key that does the same; shown, and told to screen readers. */
  shortcut?: string;
  /** Work goes on: the button says so and does nothing meanwhile. */
  busy?: boolean;
  type?: "button" | "submit";
  disabled?: boolean;
  children: ComponentChildren;
};

function classOf(kind: Kind, big: boolean, extra: unknown): string {
  return ["btn", kind === "plain" ? "" : kind, big ? "big" : "", typeof extra === "string" ? extra : ""]
    .filter(Boolean)
    .join(" ");
}

export function Button({
  kind = "plain",
  big = false,
  icon,
  shortcut,
  busy = false,
  children,
  class: extra,
  onClick,
  ...rest
}: ButtonProps) {
  return (
    <button
      type="button"
      class={classOf(kind, big, extra)}
      aria-keyshortcuts={shortcut}
      aria-busy={busy || undefined}
      aria-disabled={busy || undefined}
      onClick={busy ? (event) => event.preventDefault() : onClick}
      {...rest}
    >
      {icon && <Icon icon={icon} />}
      {children}
      {shortcut && <Kbd>{shortcut}</Kbd>}
    </button>
  );
}

/** A button that shows only its icon; `label` is its name and its tooltip. */
export function IconButton({
  icon,
  label,
  kind = "ghost",
  big = false,
  class: extra,
  ...rest
}: Omit<ButtonProps, "children" | "icon" | "busy"> & { icon: IconNode; label: string }) {
  return (
    <button type="button" class={`${classOf(kind, big, extra)} square`} aria-label={label} title={label} {...rest}>
      <Icon icon={icon} />
    </button>
  );
}
