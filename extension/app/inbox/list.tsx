// biome-ignore-all lint/a11y/useSemanticElements: a table's rows cannot be placed one by one; the roles say the same
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { plural, t } from "../../shared/i18n";
import type { Mention } from "../../shared/types";
import type { Picked } from "./picked";
import type { Others } from "./presence";
import { Row, type RowActs } from "./row";
import { type Heights, ROW_PX, rowAt, scrollFor, spanAt, topOf, totalPx } from "./window";

interface ListProps {
  items: Mention[];
  /** How many rows stand above the first of `items`. */
  offset: number;
  /** How many the whole list has, as far as it was counted. */
  counted: number;
  /** Which of `items`; -1 = none of them. */
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
  onNearTop: () => void;
  /** Somebody went to where nothing is read yet: which row of the whole list is there. */
  onFar: (index: number) => void;
  onEnter: () => void;
  /** Where to begin. */
  scroll_top: number;
  onScrolled: (scroll_top: number, first_seen: number) => void;
  label: string;
}

const NEAR_END_ROWS = 30;
/** Further from what is read than this, what is between is passed over. */
const FAR_ROWS = 100;
const REST_MS = 120;
/** A grid, since a listbox must not hold buttons; the grid has the focus and names the selected row. */
export const GRID_ID = "inbox-grid";

/** The rows that can be seen, and a few more, in a list as high as all of them. */
export function MentionList(props: ListProps) {
  const {
    items,
    offset,
    counted,
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
    onNearTop,
    onFar,
    onEnter,
    scroll_top,
    onScrolled,
    label,
  } = props;
  const box = useRef<HTMLDivElement>(null);
  const [unfolded_px, setUnfolded] = useState(132);
  const [view, setView] = useState({ top: scroll_top, height: 600 });
  const minute = useMinute();
  const loaded = offset + items.length;
  const heights: Heights = {
    count: has_more ? Math.max(loaded, counted) : loaded,
    unfolded: selected < 0 ? -1 : offset + selected,
    unfolded_px,
  };
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
    const wanted = scrollFor(offset + selected, element.scrollTop, element.clientHeight, heights);
    if (wanted !== element.scrollTop) element.scrollTop = wanted;
  }, [selected_id, unfolded_px, whole]);

  useStay(box, items, offset, heights, asked);

  const scrolled = () => {
    const { scrollTop, clientHeight } = box.current!;
    setView({ top: scrollTop, height: clientHeight });
    onScrolled(scrollTop, rowAt(scrollTop, heights));
  };
  const [first, end] = spanAt(view.top, view.height, heights);
  const far = end <= offset - FAR_ROWS || first >= loaded + FAR_ROWS;
  useEffect(() => {
    if (far) {
      // A bar that is being dragged passes many places: where it rests is read.
      const timer = setTimeout(() => onFar(first), REST_MS);
      return () => clearTimeout(timer);
    }
    if (has_more && end > loaded - NEAR_END_ROWS) onNearEnd();
    if (offset > 0 && first < offset + NEAR_END_ROWS) onNearTop();
  }, [has_more, first, end, items.length, offset, far]);

  const from = Math.max(first, offset);
  const drawn = items.slice(from - offset, Math.max(0, end - offset));
  return (
    <div ref={box} class="inbox-scroll" onScroll={scrolled}>
      <div
        id={GRID_ID}
        role="grid"
        aria-multiselectable="true"
        tabIndex={0}
        aria-label={label}
        aria-rowcount={has_more || offset > 0 ? -1 : items.length}
        aria-activedescendant={
          offset + selected >= from && offset + selected < end && selected_id ? rowId(selected_id) : undefined
        }
        onKeyDown={(event) => event.key === "Enter" && event.target === event.currentTarget && onEnter()}
        class="inbox-grid"
        style={{ height: `${totalPx(heights)}px` }}
      >
        {drawn.map((mention, n) => {
          const index = from + n;
          const chosen = index === offset + selected && selected >= 0;
          return (
            <Row
              key={mention.id}
              id={rowId(mention.id)}
              mention={mention}
              index={index}
              selected={chosen}
              whole={whole && chosen}
              answering={mention.id === answering && chosen}
              picked={picked === "all" || picked.has(mention.id)}
              picking={picked === "all" || picked.size > 0}
              other={others.get(mention.id)}
              field={chosen ? field : ""}
              top={topOf(index, heights)}
              acts={acts}
              minute={minute}
            />
          );
        })}
        {first < offset && <Unread from={first} to={Math.min(end, offset)} heights={heights} />}
        {end > loaded && <Unread from={Math.max(first, loaded)} to={end} heights={heights} />}
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

/** Rows that are on their way. */
function Unread({ from, to, heights }: { from: number; to: number; heights: Heights }) {
  return Array.from({ length: Math.max(0, to - from) }, (_, n) => (
    <div key={from + n} class="inbox-row unread" aria-hidden="true" style={{ top: `${topOf(from + n, heights)}px` }} />
  ));
}

const rowId = (id: string) => `mention-${id}`;

/**
 * New rows above must not move what somebody looks at or is about to click: the selected row, or the first that is seen,
 * stays where it is, and a word says how many came. Untouched and at the top, they simply appear.
 */
function useStay(
  box: { current: HTMLDivElement | null },
  items: Mention[],
  offset: number,
  heights: Heights,
  asked: { current: string },
): void {
  const before = useRef({ items, offset, heights });
  useLayoutEffect(() => {
    const element = box.current!;
    const old = before.current;
    before.current = { items, offset, heights };
    if (old.items === items || old.items.length === 0) return;
    const busy = element.scrollTop > 0 || element.matches(":hover") || element.contains(document.activeElement);
    if (!busy) return;
    const seen = (at: number) => {
      const top = topOf(old.offset + at, old.heights);
      return top + ROW_PX > element.scrollTop && top < element.scrollTop + element.clientHeight;
    };
    const start = Math.max(0, Math.floor(element.scrollTop / ROW_PX) - old.offset - 4);
    const candidates = [old.heights.unfolded - old.offset, ...Array.from({ length: 40 }, (_, n) => start + n)];
    let now = -1;
    const anchor = candidates.find((at) => {
      const mention = at >= 0 && seen(at) ? old.items[at] : undefined;
      if (!mention) return false;
      now = whereNow(items, mention.id, at + old.offset - offset);
      return now >= 0;
    });
    if (anchor === undefined) return;
    const moved = topOf(offset + now, heights) - topOf(old.offset + anchor, old.heights);
    // A row that was taken away by the person moves the rest up: that is what they expect. How many rows stand above was
    // a guess until now: that moves nothing.
    if ((moved > 0 && asked.current) || (moved !== 0 && old.offset !== offset)) element.scrollTop += moved;
  }, [items]);
}

/** Where a row is now that was at `guess`: looked for near that place first, since the list may be very long. */
function whereNow(items: Mention[], id: string, guess: number): number {
  for (let n = 0; n < 250; n++) {
    if (items[guess + n]?.id === id) return guess + n;
    if (items[guess - n]?.id === id) return guess - n;
  }
  return items.findIndex((one) => one.id === id);
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
