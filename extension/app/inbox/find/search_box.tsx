/**
 * The search field: a combobox (WAI-ARIA, list autocomplete with manual selection). The list follows a moment after the
 * last letter, unless what is written cannot be read.
 */
import { Search, X } from "lucide";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { ApiError } from "../../../shared/api";
import { t } from "../../../shared/i18n";
import { Icon, IconButton, Kbd, useKeys } from "../../../shared/ui";
import { type Completion, complete, type Known, NONE_KNOWN, type Option, put } from "./complete";
import { FAULT_ID, FaultLine } from "./fault";
import { faultOf, isUnfinished } from "./fixes";
import { say } from "./labels";
import { readSearch } from "./words";

const WAIT_MS = 250;
/** Who stops that long has finished. */
const PAUSE_MS = 1_500;
const OPTIONS_ID = "find-options";
const optionId = (at: number) => `find-option-${at}`;

interface SearchBoxProps {
  q: string;
  /** What the server refused, and for which search. */
  refused: { q: string; error: ApiError } | undefined;
  /** What could be asked for; read when the field is first used. */
  readKnown: () => Promise<Known>;
  onSearch: (q: string) => void;
  /** What is written is a search, and the person wants to its list. */
  onEnter: () => void;
}

export function SearchBox({ q, refused, readKnown, onSearch, onEnter }: SearchBoxProps) {
  const [text, setText] = useState(q);
  const [list, setList] = useState<{ found: Completion; at: number }>();
  /** The person has finished: what is not complete is wrong then. */
  const [finished, setFinished] = useState(false);
  const [known, setKnown] = useState<Known>();
  const input = useRef<HTMLInputElement>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const pause = useRef<ReturnType<typeof setTimeout>>(undefined);
  const sent = useRef(q);
  const wanted_caret = useRef<number>(undefined);
  useEffect(() => {
    // Ours comes back as it was sent; anything else was changed elsewhere: by a filter, a saved search, another page.
    if (q !== sent.current) {
      clearTimeout(timer.current); // what was typed before it is not asked for any more
      clearTimeout(pause.current);
      setText(q);
    }
    sent.current = q;
  }, [q]);
  useEffect(
    () => () => {
      clearTimeout(timer.current);
      clearTimeout(pause.current);
    },
    [],
  );
  useKeys([{ key: "/", label: t("inbox_key_search"), run: () => input.current?.select() }], []);

  const learn = () => {
    if (known) return;
    setKnown(NONE_KNOWN);
    readKnown().then(setKnown, () => setKnown(undefined));
  };
  // What could be asked for came while somebody waits for it.
  useEffect(() => {
    // As it stands in the field: a letter may have come since this was drawn.
    const field = input.current;
    if (known && known !== NONE_KNOWN && field?.value && document.activeElement === field)
      suggest(field.value, field.selectionStart ?? 0);
  }, [known]);
  const search = (value: string) => {
    clearTimeout(timer.current);
    const wanted = value.trim();
    if (readSearch(wanted).fault) return;
    sent.current = wanted;
    onSearch(wanted);
  };
  const suggest = (value: string, caret: number, asked = false) => {
    const found = complete(value, caret, known ?? NONE_KNOWN, say(), asked);
    setList(found.options.length > 0 ? { found, at: found.sure ? 0 : -1 } : undefined);
  };
  const typed = (value: string, caret: number) => {
    setText(value);
    setFinished(false);
    suggest(value, caret);
    clearTimeout(timer.current);
    clearTimeout(pause.current);
    timer.current = setTimeout(() => search(value), WAIT_MS);
    pause.current = setTimeout(() => setFinished(true), PAUSE_MS);
  };
  const set = (value: string, caret = value.length) => {
    setText(value);
    setList(undefined);
    setFinished(false);
    search(value);
    input.current?.focus();
    wanted_caret.current = caret;
  };
  useLayoutEffect(() => {
    // The caret can be set once the field holds the text, and must be before the next letter.
    if (wanted_caret.current === undefined) return;
    input.current?.setSelectionRange(wanted_caret.current, wanted_caret.current);
    wanted_caret.current = undefined;
  });
  const choose = (found: Completion, option: Option) => {
    const now = put(text, found, option);
    set(now.text, now.caret);
    // Behind a field's name its values come next.
    if (option.insert.endsWith(":")) suggest(now.text, now.caret);
  };
  const move = (step: number) => {
    if (!list) return suggest(text, input.current!.selectionStart ?? text.length, true);
    // -1 is the field itself.
    const n = list.found.options.length + 1;
    setList({ ...list, at: ((list.at + 1 + step + n) % n) - 1 });
  };
  const keys = (event: KeyboardEvent) => {
    const option = list?.found.options[list.at];
    if (event.key === "ArrowDown") move(1);
    else if (event.key === "ArrowUp" && list) move(-1);
    else if ((event.key === "Enter" || event.key === "Tab") && list && option && !event.shiftKey)
      choose(list.found, option);
    else if (event.key === "Enter") {
      setList(undefined);
      setFinished(true);
      search(text);
      if (!readSearch(text).fault) onEnter();
    } else if (event.key === "Escape" && list) setList(undefined);
    else if (event.key === "Escape" && text) set("");
    else if (event.key === "Escape") input.current?.blur();
    else return;
    event.preventDefault();
  };

  const local = readSearch(text).fault;
  const busy = Boolean(list) || (local && !finished && isUnfinished(text, local));
  const theirs = refused && refused.q === text.trim() ? faultOf(refused.error, text) : undefined;
  const fault = busy ? undefined : (local ?? theirs);
  return (
    <search class="find-box">
      <div class="inbox-find">
        <Icon icon={Search} />
        <input
          ref={input}
          type="text"
          inputMode="search"
          role="combobox"
          autocomplete="off"
          aria-autocomplete="list"
          aria-expanded={Boolean(list)}
          aria-controls={OPTIONS_ID}
          aria-activedescendant={list && list.at >= 0 ? optionId(list.at) : undefined}
          value={text}
          placeholder={t("inbox_search_hint")}
          aria-label={t("inbox_search")}
          aria-keyshortcuts="/"
          aria-invalid={Boolean(fault)}
          aria-describedby={fault ? FAULT_ID : undefined}
          spellcheck={false}
          onFocus={learn}
          onClick={() => !text && suggest("", 0, true)}
          onBlur={() => {
            setList(undefined);
            setFinished(true);
          }}
          onInput={(event) => typed(event.currentTarget.value, event.currentTarget.selectionStart ?? 0)}
          onKeyDown={keys}
        />
        {text ? <IconButton icon={X} label={t("inbox_search_clear")} onClick={() => set("")} /> : <Kbd>/</Kbd>}
      </div>
      <OptionList list={list} onChoose={(option) => list && choose(list.found, option)} />
      {fault && (
        <FaultLine
          text={text}
          fault={fault}
          onMend={set}
          onGo={() => {
            input.current?.focus();
            input.current?.setSelectionRange(fault.start, fault.end);
          }}
        />
      )}
    </search>
  );
}

interface OptionListProps {
  list: { found: Completion; at: number } | undefined;
  onChoose: (option: Option) => void;
}

function OptionList({ list, onChoose }: OptionListProps) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    box.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest" });
  }, [list?.at]);
  return (
    <div ref={box} id={OPTIONS_ID} role="listbox" aria-label={t("find_options")} class="find-options" hidden={!list}>
      {list?.found.options.map((option, at) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the field has the focus and the keys
        <div
          key={option.insert}
          id={optionId(at)}
          role="option"
          tabIndex={-1}
          aria-selected={at === list.at}
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => onChoose(option)}
        >
          <code>{option.insert}</code> <span>{option.detail}</span>
        </div>
      ))}
    </div>
  );
}
