/**
 * Keys pressed in something of ours. A page may listen on `window` before anybody: it would hear what is typed here, act
 * on it, and take it away. We listen there too, before any script of the page (ears.ts), and pass what is ours on inside
 * our shadow root, where no page hears it.
 *
 * A page that was open before its site was switched on came earlier: what it took is done by ourselves. A press that it
 * stopped dead never reaches us: then its release counts as the press (docs/user-guide.md).
 */
import { EDITS, ears, KEYS } from "./ears";
import { rootOf } from "./host";

type Field = HTMLInputElement | HTMLTextAreaElement;

/** How the field was when a key went down: as it is when the key comes up, if the page took the letter. */
interface Pressed {
  field: Field | null;
  was: string;
  /** It had no part in what we did with the key: the browser was to do its own with it. */
  open: boolean;
}

/** A release soon after the keys came to us, or with a modifier just before, belongs to a press made elsewhere. */
const SETTLED = 150; // ms
const CHORD = 600; // ms

const pressed = new Map<string, Pressed>();
let came = 0;
/** Since the last release something of ours was edited or clicked: the browser did its part. */
let edited = false;
let chord = Number.NEGATIVE_INFINITY;

/** From now on what the page's ears hear is looked at. */
export function listenAhead(): void {
  ears().hear = heard;
}

function heard(event: Event): void {
  if (has(KEYS, event.type)) heardKey(event as KeyboardEvent);
  else if (has(EDITS, event.type)) heardEdit(event);
  else if (event.type === "focusin") heardFocus(event as FocusEvent);
  else if (innermost(event)) noteEdit();
}

const has = (types: readonly string[], type: string) => types.includes(type);

const noteEdit = () => {
  edited = true;
};

/** What of ours has the keys, where the event happened in something of ours. */
function innermost({ target }: Event): Element | null {
  const root = target instanceof Element ? rootOf(target) : undefined;
  return root ? (root.activeElement ?? root.querySelector(".en")) : null;
}

function heardKey(event: KeyboardEvent): void {
  if (!event.isTrusted) return;
  if (event.ctrlKey || event.altKey || event.metaKey) chord = event.timeStamp;
  const at = innermost(event);
  if (event.type === "keydown" && !at) pressed.set(event.code, { field: null, was: "", open: false });
  else if (!at) event.type === "keyup" && pressed.delete(event.code);
  else {
    event.stopImmediatePropagation();
    if (event.type === "keydown") down(event, at);
    else if (event.type === "keypress") press(event, at);
    else up(event, at);
  }
}

function down(event: KeyboardEvent, at: Element): void {
  const taken = event.defaultPrevented;
  const field = fieldOf(at);
  const was = stateOf(field);
  const done = pass(at, event);
  if (done) event.preventDefault();
  else if (taken) act(at, event);
  pressed.set(event.code, { field, was, open: !done && !taken });
}

function press(event: KeyboardEvent, at: Element): void {
  const one = pressed.get(event.code);
  if (!event.defaultPrevented || !one?.open) return;
  one.open = false;
  act(at, event);
}

function up(event: KeyboardEvent, at: Element): void {
  const one = pressed.get(event.code);
  const done = edited;
  pressed.delete(event.code);
  edited = false;
  pass(at, event);
  if (event.isComposing || ["Process", "Dead", "Tab"].includes(event.key)) return;
  if (!one) {
    const now = event.timeStamp;
    if (now - came < SETTLED || now - chord < CHORD) return;
    if (!at.dispatchEvent(copied("keydown", event)) || done) return;
    // A button that the blank was pressed on is clicked after this, where the page left it that.
    setTimeout(() => !edited && innermostHas(at) && act(at, event));
  } else if (one.open && one.field === at && isLetter(event) && one.was === stateOf(one.field)) act(at, event);
}

const innermostHas = (at: Element) => (at.getRootNode() as ShadowRoot).activeElement === at;

/** Edits of a field stay ours; one that the page took back is made all the same. */
function heardEdit(event: Event): void {
  const at = event.isTrusted ? innermost(event) : null;
  if (!at) return;
  event.stopImmediatePropagation();
  if (event.type === "input") {
    noteEdit();
    at.dispatchEvent(new InputEvent("input", { bubbles: true }));
  } else if (event.defaultPrevented) {
    const { data, inputType } = event as InputEvent;
    const words = event instanceof ClipboardEvent ? event.clipboardData?.getData("text/plain") : data;
    if (words && (!inputType || inputType === "insertText")) insert(at, words);
  }
}

/** A page that holds the focus in a dialog of its own would take it back from us. */
function heardFocus(event: FocusEvent): void {
  const at = event.isTrusted ? innermost(event) : null;
  if (!at) return;
  came = event.timeStamp;
  event.stopImmediatePropagation();
  at.dispatchEvent(new FocusEvent("focusin", { bubbles: true, relatedTarget: event.relatedTarget }));
}

/** The same key, for ours only. A KeyboardEvent would leave the shadow root, in Firefox whatever one asks for. */
function copied(type: string, event: KeyboardEvent): Event {
  const { key, code, location, repeat, isComposing, ctrlKey, shiftKey, altKey, metaKey } = event;
  const made = new Event(type, { bubbles: true, cancelable: true });
  return Object.assign(made, { key, code, location, repeat, isComposing, ctrlKey, shiftKey, altKey, metaKey });
}

/** The same event, inside only. True when one of our parts used it up. */
function pass(at: Element, event: KeyboardEvent): boolean {
  return !at.dispatchEvent(copied(event.type, event));
}

const isLetter = ({ key, ctrlKey, altKey, metaKey }: KeyboardEvent) =>
  [...key].length === 1 && (ctrlKey && altKey ? true : !ctrlKey && !metaKey);

/** What the browser would have done with a key. */
function act(at: Element, event: KeyboardEvent): void {
  make(at, event);
  edited = false; // that was us
}

function make(at: Element, event: KeyboardEvent): void {
  const { key } = event;
  if (isLetter(event) && fieldOf(at)) insert(at, key);
  else if (fieldOf(at) && key === "Enter" && at instanceof HTMLTextAreaElement) insert(at, "\n");
  else if (fieldOf(at) && (key === "Backspace" || key === "Delete"))
    document.execCommand(key === "Delete" ? "forwardDelete" : "delete");
  else if (at instanceof HTMLButtonElement && (key === "Enter" || key === " ") && !event.repeat) at.click();
}

function insert(at: Element, words: string): void {
  const field = fieldOf(at);
  if (!field) return;
  const was = stateOf(field);
  document.execCommand("insertText", false, words);
  if (stateOf(field) !== was) return;
  field.setRangeText(words, field.selectionStart ?? 0, field.selectionEnd ?? 0, "end");
  field.dispatchEvent(new InputEvent("input", { bubbles: true }));
}

function fieldOf(at: Element): Field | null {
  return at instanceof HTMLTextAreaElement || at instanceof HTMLInputElement ? at : null;
}

function stateOf(field: Field | null): string {
  return field ? JSON.stringify([field.value, field.selectionStart, field.selectionEnd]) : "";
}
