// biome-ignore-all lint/a11y/useSemanticElements: a table's rows cannot be placed one by one; the roles say the same
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { plural, t } from "../../shared/i18n";
import type { Mention } from "../../shared/types";
import type { Picked } from "./picked";
import type { Others } from "./presence";
import { Row, type RowActs } from "./row";
import { type Heights, ROW_PX, scrollFor, spanAt, topOf, totalPx } from "./window";

interface ListProps {
  items: Mention[];
  selected: number;
  whole: boolean;
  /** Id of the mention that is being answered here, "" = none. */
  answering: string;
  picked: Picked;
  /** Who else has what open. */
  others: Others;
  /** Which of the team's fields has the caret. */
  field: string;
  acts: RowActs;
  /** More can be read below. */
  has_more: boolean;
  /** The next page is being read. */
  coming: boolean;
  onNearEnd: () => void;
  onEnter: () => void;
  /** Where to begin. */
  scroll_top: number;
  onScrolled: (scroll_top: number) => void;
  label: string;
}

const NEAR_END_ROWS = 30;
/** A grid, since a listbox must not hold buttons; the grid has the focus and names the selected row. */
export const GRID_ID = "inbox-grid";

/** The rows that can be seen, and a few more, in a list as high as all of them. */
export function MentionList(props: ListProps) {
  const {
    items,
    selected,
    whole,
    answering,
    picked,
    others,
    field,
    acts,
    has_more,
    coming,
    onNearEnd,
    onEnter,
    scroll_top,
    onScrolled,
    label,
  } = props;
  const box = useRef<HTMLDivElement>(null);
  const [unfolded_px, setUnfolded] = useState(132);
  const [view, setView] = useState({ top: scroll_top, height: 600 });
  const minute = useMinute();
  const heights: Heights = { count: items.length, unfolded: selected, unfolded_px };
  const selected_id = items[selected]?.id ?? "";

  useLayoutEffect(() => {
    const element = box.current!;
    element.scrollTop = scroll_top;
    const look = () => setView({ top: element.scrollTop, height: element.clientHeight });
    const sizes = new ResizeObserver(look);
    sizes.observe(element);
    look();
    return () => sizes.disconnect();
  }, []);

  // The selected row is as high as what it says.
  useLayoutEffect(() => {
    const row = box.current!.querySelector(".inbox-row.selected");
    if (!row) return;
    const measure = () => setUnfolded(Math.max(ROW_PX, Math.round(row.getBoundingClientRect().height)));
    const sizes = new ResizeObserver(measure);
    sizes.observe(row);
    measure();
    return () => sizes.disconnect();
  }, [selected_id, view.top]);

  // What was asked for by key or click is wholly seen, also when it grows.
  const asked = useRef("");
  useLayoutEffect(() => {
    const element = box.current!;
    if (!selected_id || (asked.current === `${selected_id} ${unfolded_px} ${whole}` && selected_id)) return;
    const first = asked.current === "";
    asked.current = `${selected_id} ${unfolded_px} ${whole}`;
    if (first) return;
    const wanted = scrollFor(selected, element.scrollTop, element.clientHeight, heights);
    if (wanted !== element.scrollTop) element.scrollTop = wanted;
  }, [selected_id, unfolded_px, whole]);

  useStay(box, items, heights, asked);

  const scrolled = () => {
    const { scrollTop, clientHeight } = box.current!;
    setView({ top: scrollTop, height: clientHeight });
    onScrolled(scrollTop);
  };
  const [first, end] = spanAt(view.top, view.height, heights);
  useEffect(() => {
    if (has_more && end > items.length - NEAR_END_ROWS) onNearEnd();
  }, [has_more, end, items.length]);

  const drawn = items.slice(first, end);
  return (
    <div ref={box} class="inbox-scroll" onScroll={scrolled}>
      <div
        id={GRID_ID}
        role="grid"
        aria-multiselectable="true"
        tabIndex={0}
        aria-label={label}
        aria-rowcount={has_more ? -1 : items.length}
        aria-activedescendant={selected >= first && selected < end ? rowId(selected_id) : undefined}
        onKeyDown={(event) => event.key === "Enter" && event.target === event.currentTarget && onEnter()}
        class="inbox-grid"
        style={{ height: `${totalPx(heights)}px` }}
      >
        {drawn.map((mention, offset) => (
          <Row
            key={mention.id}
            id={rowId(mention.id)}
            mention={mention}
            index={first + offset}
            selected={first + offset === selected}
            whole={whole && first + offset === selected}
            answering={mention.id === answering && first + offset === selected}
            picked={picked === "all" || picked.has(mention.id)}
            picking={picked === "all" || picked.size > 0}
            other={others.get(mention.id)}
            field={first + offset === selected ? field : ""}
            top={topOf(first + offset, heights)}
            acts={acts}
            minute={minute}
          />
        ))}
      </div>
      {coming && (
        <div class="skeleton" aria-hidden="true">
          <i />
          <i />
          <i />
        </div>
      )}
    </div>
  );
}

const rowId = (id: string) => `mention-${id}`;

/**
 * New rows above must not move what somebody looks at or is about to click: the selected row, or the first that is seen,
 * stays where it is, and a word says how many came. Untouched and at the top, they simply appear.
 */
function useStay(
  box: { current: HTMLDivElement | null },
  items: Mention[],
  heights: Heights,
  asked: { current: string },
): void {
  const before = useRef<{ items: Mention[]; heights: Heights }>({ items, heights });
  useLayoutEffect(() => {
    const element = box.current!;
    const old = before.current;
    before.current = { items, heights };
    if (old.items === items || old.items.length === 0) return;
    const busy = element.scrollTop > 0 || element.matches(":hover") || element.contains(document.activeElement);
    if (!busy) return;
    const index = new Map(items.map(({ id }, at) => [id, at]));
    const seen = (at: number) => {
      const top = topOf(at, old.heights);
      return top + ROW_PX > element.scrollTop && top < element.scrollTop + element.clientHeight;
    };
    const unfolded = old.heights.unfolded;
    const start = Math.max(0, Math.floor(element.scrollTop / ROW_PX) - 4);
    const candidates = [unfolded, ...Array.from({ length: 40 }, (_, n) => start + n)];
    const anchor = candidates.find((at) => at >= 0 && old.items[at] && seen(at) && index.has(old.items[at]!.id));
    if (anchor === undefined) return;
    const moved = topOf(index.get(old.items[anchor]!.id)!, heights) - topOf(anchor, old.heights);
    // A row that was taken away by the person moves the rest up: that is what they expect.
    if (moved > 0 && asked.current) element.scrollTop += moved;
  }, [items]);
}

/** Redraws once a minute, so that "4 min" does not lie. */
function useMinute(): number {
  const [minute, setMinute] = useState(Math.floor(Date.now() / 60_000));
  useEffect(() => {
    const timer = setInterval(() => setMinute(Math.floor(Date.now() / 60_000)), 20_000);
    return () => clearInterval(timer);
  }, []);
  return minute;
}

/** "2 new", above a list that was scrolled down while they came. */
export function NewAbove({ n, onShow }: { n: number; onShow: () => void }) {
  if (n === 0) return null;
  return (
    <button type="button" class="inbox-above" onClick={onShow} title={t("inbox_to_top")}>
      {plural("inbox_new_above", n)}
    </button>
  );
}
