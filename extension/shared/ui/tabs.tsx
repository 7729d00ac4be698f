import type { ComponentChildren } from "preact";
import { useRef } from "preact/hooks";

interface TabsProps {
  label: string;
  chosen: string;
  tabs: { id: string; label: ComponentChildren }[];
  onChoose: (id: string) => void;
  /** Id of the element the tabs govern. */
  controls?: string;
}

/** A row of tabs: one stop of Tab, arrows choose. */
export function Tabs({ label, chosen, tabs, onChoose, controls }: TabsProps) {
  const list = useRef<HTMLDivElement>(null);
  const move = (event: KeyboardEvent) => {
    const at = tabs.findIndex(({ id }) => id === chosen);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1 + tabs.length, Home: 0, End: tabs.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const index = to % tabs.length;
    onChoose(tabs[index]!.id);
    (list.current!.children[index] as HTMLElement).focus();
  };
  return (
    <div ref={list} class="tabs" role="tablist" aria-label={label} onKeyDown={move}>
      {tabs.map((tab) => (
        <button
          key={tab.id}
          type="button"
          role="tab"
          aria-selected={tab.id === chosen}
          aria-controls={controls}
          tabIndex={tab.id === chosen ? 0 : -1}
          onClick={() => onChoose(tab.id)}
        >
          {tab.label}
        </button>
      ))}
    </div>
  );
}
