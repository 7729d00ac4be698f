/** Which row is selected, how far it is unfolded, and which are picked. The selection stays with its mention. */
import { useLayoutEffect, useState } from "preact/hooks";
import type { Mention } from "../../shared/types";
import { GRID_ID } from "./list";
import type { Picked } from "./picked";
import type { MentionStore } from "./store";

export interface Selection {
  id: string;
  /** Which of the rows that are here; -1 = none of them. */
  selected: number;
  current: Mention | undefined;
  /** All of it is shown, not only its beginning. */
  whole: boolean;
  /** Which of the team's fields has the caret. */
  field: "" | "tags" | "note";
  picked: Picked;
  /** Which of the rows that are here; the nearest there is. */
  select: (index: number) => void;
  /** By key; from what is seen where the selected one is far away. */
  step: (by: number) => void;
  /** A mention, whether its row is here or not. */
  choose: (mention: Mention) => void;
  unfold: () => void;
  /** Its beginning only. */
  fold: () => void;
  edit: (field: "tags" | "note") => void;
  /** From such a field back to the list. */
  leaveField: () => void;
  pick: (mention: Mention) => void;
  setPicked: (picked: Picked) => void;
  /** Another list begins at its first row. */
  begin: () => void;
}

export function useSelection({ rows, reading }: MentionStore, first_id: string): Selection {
  const [selection, setSelection] = useState({ id: first_id, at: 0 });
  const [whole, setWhole] = useState(false);
  const [field, setField] = useState<Selection["field"]>("");
  const [picked, setPicked] = useState<Picked>(new Set());
  const { items } = rows;

  // The same mention wherever it went, else what took its place.
  const found = items.findIndex(({ id }) => id === selection.id);
  // Far away, and let go from memory: it is selected still when one comes back to it.
  const away = found < 0 && rows.unloaded.has(selection.id);
  const selected = found >= 0 ? found : away ? -1 : Math.min(selection.at, items.length - 1);
  const current = items[selected];

  const fold = () => {
    setWhole(false);
    setField("");
  };
  useLayoutEffect(() => {
    if (current && (current.id !== selection.id || selected !== selection.at)) {
      if (current.id !== selection.id) fold();
      setSelection({ id: current.id, at: selected });
    }
  }, [current?.id, selected]);

  const select = (index: number) => {
    const mention = items[Math.max(0, Math.min(index, items.length - 1))];
    if (!mention) return;
    if (mention.id !== selection.id) fold();
    setSelection({ id: mention.id, at: items.indexOf(mention) });
    focusGrid();
  };
  return {
    id: selection.id,
    selected,
    current,
    whole,
    field,
    picked,
    select,
    step: (by) => select(selected >= 0 ? selected + by : items.findIndex(({ id }) => id === reading.looking_at)),
    choose: ({ id }) =>
      setSelection({
        id,
        at: Math.max(
          0,
          rows.items.findIndex((one) => one.id === id),
        ),
      }),
    unfold: () => setWhole(!whole),
    fold,
    edit: (name) => {
      setWhole(true);
      setField(name);
    },
    leaveField: () => {
      setField("");
      focusGrid();
    },
    pick: ({ id }) => {
      const chosen = new Set(picked === "all" ? [] : picked);
      if (!chosen.delete(id)) chosen.add(id);
      setPicked(chosen);
    },
    setPicked,
    begin: () => setSelection({ id: "", at: 0 }),
  };
}

export function focusGrid(): void {
  const grid = document.getElementById(GRID_ID);
  if (document.activeElement !== grid) grid?.focus({ preventScroll: true });
}
