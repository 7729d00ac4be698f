import { Check, type IconNode } from "lucide";
import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { Icon } from "./icon";
import { Kbd } from "./keypanel";

export interface MenuItem {
  label: string;
  icon?: IconNode;
  /** Given: one of a choice, ticked where true. */
  checked?: boolean;
  shortcut?: string;
  /** A line above it. */
  separated?: boolean;
  run: () => void;
}

interface MenuProps {
  label: string;
  items: MenuItem[];
  /** What the button shows; its name for screen readers is `label`. */
  children: ComponentChildren;
  class?: string;
}

/** A button that opens a menu in the top layer. Arrows, Home, End and first letters move; Escape and Tab close. */
export function Menu({ label, items, children, class: extra = "btn ghost" }: MenuProps) {
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const close = (focus = true) => {
    setOpen(false);
    if (focus) button.current?.focus();
  };
  return (
    <>
      <button
        ref={button}
        type="button"
        class={extra}
        aria-haspopup="menu"
        aria-expanded={open}
        aria-label={label}
        title={label}
        onClick={() => setOpen(!open)}
      >
        {children}
      </button>
      {open && <MenuList label={label} items={items} anchor={button.current!} close={close} />}
    </>
  );
}

function MenuList({
  label,
  items,
  anchor,
  close,
}: {
  label: string;
  items: MenuItem[];
  anchor: HTMLElement;
  close: (focus?: boolean) => void;
}) {
  const list = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const menu = list.current!;
    menu.showPopover();
    place(menu, anchor);
    const buttons = [...menu.querySelectorAll("button")];
    (buttons.find((one) => one.getAttribute("aria-checked") === "true") ?? buttons[0])?.focus();
    const outside = (event: Event) => {
      const path = event.composedPath();
      if (!path.includes(menu) && !path.includes(anchor)) close(false);
    };
    document.addEventListener("pointerdown", outside, true);
    return () => document.removeEventListener("pointerdown", outside, true);
  }, []);
  const move = (event: KeyboardEvent) => {
    const buttons = [...list.current!.querySelectorAll("button")];
    const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1 + buttons.length, Home: 0, End: buttons.length - 1 }[event.key];
    if (event.key === "Escape") close();
    else if (event.key === "Tab") close(false);
    else if (to !== undefined) buttons[to % buttons.length]?.focus();
    else if (event.key.length === 1) {
      const letter = event.key.toLowerCase();
      const rest = [...buttons.slice(at + 1), ...buttons.slice(0, at + 1)];
      rest.find((one) => one.textContent?.trim().toLowerCase().startsWith(letter))?.focus();
      return;
    } else return;
    if (event.key !== "Tab") event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div ref={list} class="menu" role="menu" aria-label={label} popover="manual" onKeyDown={move}>
      {items.map((item) => (
        <>
          {item.separated && <hr />}
          {/* biome-ignore lint/a11y/useAriaPropsSupportedByRole: its role is menuitemradio where it is checked */}
          <button
            key={item.label}
            type="button"
            role={item.checked === undefined ? "menuitem" : "menuitemradio"}
            aria-checked={item.checked}
            tabIndex={-1}
            onClick={() => {
              close();
              item.run();
            }}
          >
            {item.icon && <Icon icon={item.icon} />}
            <span class="grow">{item.label}</span>
            {item.checked && <Icon icon={Check} />}
            {item.shortcut && <Kbd>{item.shortcut}</Kbd>}
          </button>
        </>
      ))}
    </div>
  );
}

/** Below the anchor, or above where there is no room; never out of the window. */
function place(menu: HTMLElement, anchor: HTMLElement): void {
  const box = anchor.getBoundingClientRect();
  const { width, height } = menu.getBoundingClientRect();
  const below = box.bottom + 4;
  const top = below + height <= innerHeight - 8 ? below : Math.max(8, box.top - 4 - height);
  const left = Math.max(8, Math.min(box.left, innerWidth - width - 8));
  Object.assign(menu.style, { top: `${top}px`, left: `${left}px` });
}
