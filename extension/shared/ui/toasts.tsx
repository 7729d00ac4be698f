import { useEffect, useState } from "preact/hooks";
import { t } from "../i18n";

const UNDO_FOR_MS = 10_000;
const SHOWN_FOR_MS = 5_000;

interface Toast {
  id: number;
  text: string;
  action?: { label: string; run: () => void };
  /** The action takes back what was done: the key `u` runs it, and no other. */
  undo?: true;
  ends: number;
}

let toasts: Toast[] = [];
let counter = 0;
const listeners = new Set<() => void>();
const changed = () => {
  for (const listener of listeners) listener();
};

function dismiss(id: number): void {
  toasts = toasts.filter((toast) => toast.id !== id);
  changed();
}

/** Say something at the bottom of the page, with at most one act beside it. Returns how to take it away. */
export function toast(
  text: string,
  action?: { label: string; run: () => void },
  for_ms = action ? UNDO_FOR_MS : SHOWN_FOR_MS,
): () => void {
  return show({ text, ...(action && { action }) }, for_ms);
}

function show(said: Pick<Toast, "text" | "action" | "undo">, for_ms: number): () => void {
  const id = ++counter;
  toasts = [...toasts.slice(-2), { ...said, id, ends: Date.now() + for_ms }];
  setTimeout(() => dismiss(id), for_ms);
  changed();
  return () => dismiss(id);
}

/** Something was done that can be undone for 10 s: by the button, or by `undoLast` (the key `u`). */
export function undoable(text: string, undo: () => void): () => void {
  return show({ text, action: { label: t("ui_undo"), run: undo }, undo: true }, UNDO_FOR_MS);
}

/** Undo what the newest toast offers to undo. False when there is nothing to undo. */
export function undoLast(): boolean {
  const last = [...toasts].reverse().find(({ undo }) => undo);
  if (!last) return false;
  dismiss(last.id);
  last.action?.run();
  return true;
}

/** Put once on each page. */
export function Toasts() {
  const [, redraw] = useState(0);
  useEffect(() => {
    const listener = () => redraw((n) => n + 1);
    listeners.add(listener);
    return () => void listeners.delete(listener);
  }, []);
  return (
    <div class="toasts" role="status" aria-live="polite">
      {toasts.map(({ id, text, action }) => (
        <div class="toast" key={id}>
          <span>{text}</span>
          {action && (
            <button
              type="button"
              onClick={() => {
                dismiss(id);
                action.run();
              }}
            >
              {action.label}
            </button>
          )}
        </div>
      ))}
    </div>
  );
}
