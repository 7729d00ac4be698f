/** Where one is in the list, kept for the next time: filter, selection, and which row is the first that is seen. */
import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { type Place, writePlace } from "./place";
import type { MentionStore } from "./store";
import { ROW_PX } from "./window";

const WRITE_AFTER_MS = 150;

export interface Remembered {
  /** Where to begin, in px. */
  scroll_top: number;
  /** Not at the top of the list. */
  down: boolean;
  /** Another list begins at its top. */
  begin: () => void;
  /** `index`: of the first row that is seen, in the whole list. */
  scrolled: (top: number, index: number) => void;
}

export function usePlace(brand_id: string, store: MentionStore, selected_id: string, from: number): Remembered {
  const { rows, reading } = store;
  const { items, filter } = rows;
  const scroll_top = useRef(from);
  const [down, setDown] = useState(false);

  useEffect(() => {
    // The list has moved by now where it had to, to keep its place: still at the top, what came is seen already.
    const top = document.querySelector(".inbox-scroll")?.scrollTop ?? 0;
    setDown(top >= 8);
    if (top < 8) reading.seen();
  }, [items]);

  if (reading.begin_at !== undefined) {
    scroll_top.current = reading.begin_at;
    reading.begin_at = undefined;
  }
  const newest: Place = { filter, selected_id, scroll_top: 0, rows: items.length };
  const remember = useRef(newest);
  remember.current = newest;
  const anchor = useRef<Pick<Place, "anchor_id" | "anchor_index" | "anchor_px">>({});
  const write = useCallback(
    () => writePlace(brand_id, { ...remember.current, scroll_top: scroll_top.current, ...anchor.current }),
    [brand_id],
  );
  useEffect(() => {
    if (reading.state === "ready") write();
  }, [filter, selected_id, items.length > 0]);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const scrolled = (top: number, index: number) => {
    scroll_top.current = top;
    const seen = items[index - rows.offset];
    if (seen) {
      reading.looking_at = seen.id;
      anchor.current = { anchor_id: seen.id, anchor_index: index, anchor_px: top % ROW_PX };
    }
    setDown(top >= 8);
    if (top < 8) reading.seen();
    clearTimeout(timer.current);
    timer.current = setTimeout(write, WRITE_AFTER_MS);
  };
  useEffect(
    () => () => {
      clearTimeout(timer.current);
      if (reading.state === "ready") write();
    },
    [],
  );
  const begin = () => {
    scroll_top.current = 0;
    anchor.current = {};
  };
  return { scroll_top: scroll_top.current, down, begin, scrolled };
}
