/** The sources that can be seen, and a few more, in a list as high as all of them: thousands scroll like ten. */
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import type { Client } from "../../../shared/api";
import { number, t } from "../../../shared/i18n";
import type { SourceKind } from "../../../shared/types";
import type { SourceActs } from "./acts";
import { SourceDetails } from "./details";
import { SourceLine } from "./line";
import type { Line } from "./shown";
import { spanOf, topsOf } from "./window";

const LINE_PX = 54;
const HEAD_PX = 44;
const SPARE = 8;

interface ListProps {
  client: Client;
  lines: Line[];
  kinds: SourceKind[];
  zone: string;
  editor: boolean;
  contributor: boolean;
  acts: SourceActs;
  /** Id of the source that is unfolded. */
  open: string;
  onOpen: (id: string) => void;
}

export function SourceList({ client, lines, kinds, zone, editor, contributor, acts, open, onOpen }: ListProps) {
  const list = useRef<HTMLUListElement>(null);
  const [view, setView] = useState({ top: 0, height: innerHeight });
  const [more_px, setMore] = useState(0);
  const [at, setAt] = useState(-1);
  const tops = useMemo(
    () => topsOf(lines.map((line) => ("source" in line ? LINE_PX + (line.source.id === open ? more_px : 0) : HEAD_PX))),
    [lines, open, more_px],
  );

  useEffect(() => {
    let frame = 0;
    const look = () => {
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(() => {
        if (list.current) setView({ top: -list.current.getBoundingClientRect().top, height: innerHeight });
      });
    };
    look();
    addEventListener("scroll", look, { passive: true });
    addEventListener("resize", look);
    const sizes = new ResizeObserver(look);
    sizes.observe(document.body);
    return () => {
      cancelAnimationFrame(frame);
      removeEventListener("scroll", look);
      removeEventListener("resize", look);
      sizes.disconnect();
    };
  }, []);

  // What is unfolded is as high as what it says.
  useLayoutEffect(() => {
    const details = list.current?.querySelector(".source-details");
    if (!details) return setMore(0);
    const measure = () => setMore(Math.ceil(details.getBoundingClientRect().height));
    const sizes = new ResizeObserver(measure);
    sizes.observe(details);
    measure();
    return () => sizes.disconnect();
  }, [open, lines.length]);

  const [first, end] = spanOf(view.top, view.top + view.height, tops, SPARE);
  const stop =
    at >= 0 && at < lines.length && "source" in lines[at]! ? at : lines.findIndex((line) => "source" in line);
  // The line that Tab stops at is always there, wherever somebody scrolled.
  const drawn = [...lines.keys()].slice(first, end);
  if (stop >= 0 && (stop < first || stop >= end)) drawn.push(stop);

  const focus = useRef(false);
  useLayoutEffect(() => {
    if (!focus.current) return;
    focus.current = false;
    list.current?.querySelector<HTMLElement>(`[data-line="${at}"]`)?.focus();
  }, [at]);
  const move = (event: KeyboardEvent) => {
    if (!(event.target instanceof HTMLElement) || event.target.dataset.line === undefined) return;
    const step = Math.max(1, Math.floor(innerHeight / LINE_PX) - 2);
    const by = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1, PageDown: step, PageUp: -step }[event.key];
    const to =
      event.key === "Home"
        ? nextSource(lines, -1, 1)
        : event.key === "End"
          ? nextSource(lines, lines.length, -1)
          : by === undefined
            ? -1
            : nextSource(lines, stop, by);
    if (to < 0) return;
    event.preventDefault();
    event.stopPropagation();
    focus.current = true;
    setAt(to);
  };

  return (
    <ul ref={list} class="source-list" style={{ height: `${tops.at(-1)}px` }} onKeyDown={move}>
      {drawn.map((index) => {
        const line = lines[index]!;
        const style = { top: `${tops[index]}px` };
        if ("purpose" in line)
          return (
            <li key={line.purpose} class="source-head" style={style}>
              <h2>{t(`purpose_${line.purpose}`)}</h2>
              <span class="muted">{number(line.count)}</span>
            </li>
          );
        const { source } = line;
        const opened = source.id === open;
        return (
          <li key={source.id} class={opened ? "source open" : "source"} style={style}>
            <SourceLine
              source={source}
              kind={kindName(kinds, source.kind)}
              zone={zone}
              open={opened}
              tabIndex={index === stop ? 0 : -1}
              line={index}
              onFocus={() => setAt(index)}
              onOpen={() => onOpen(opened ? "" : source.id)}
            />
            {opened && (
              <SourceDetails
                client={client}
                source={source}
                kind={kinds.find(({ kind }) => kind === source.kind)}
                zone={zone}
                editor={editor}
                contributor={contributor}
                acts={acts}
              />
            )}
          </li>
        );
      })}
    </ul>
  );
}

function kindName(kinds: SourceKind[], kind: string): string {
  return kinds.find((one) => one.kind === kind)?.name ?? "";
}

/** The source `by` lines further, headings passed over; the last one there is where that is too far. */
function nextSource(lines: Line[], from: number, by: number): number {
  const step = Math.sign(by);
  let at = Math.min(Math.max(from + by, 0), lines.length - 1);
  while (at >= 0 && at < lines.length && !("source" in lines[at]!)) at += step;
  return at >= 0 && at < lines.length ? at : from;
}
