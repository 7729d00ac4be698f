import { ArrowLeft, Braces, Trash2 } from "lucide";
import { useRef, useState } from "preact/hooks";
import type { ApiError } from "../../shared/api";
import { languageName, plural, t } from "../../shared/i18n";
import type { Brand, SavedReply } from "../../shared/types";
import { Button, Icon, IconButton, Input, Menu, Select } from "../../shared/ui";
import { type Draft, doubles, wordsOf } from "./draft";
import { fillSample } from "./variables";

interface EditorProps {
  brand: Brand;
  /** Undefined: a new one. */
  reply: SavedReply | undefined;
  draft: Draft;
  others: SavedReply[];
  error: ApiError | undefined;
  busy: boolean;
  unsaved: boolean;
  readonly: boolean;
  onDraft: (draft: Draft) => void;
  onSave: () => void;
  onDelete: () => void;
  onBack: () => void;
  onGoTo: (reply: SavedReply) => void;
}

/** One reply: its text first, how it will read beside it, the rest below. */
export function Editor(props: EditorProps) {
  const { brand, reply, draft, error, busy, unsaved, readonly, onDraft, onSave, onDelete, onBack } = props;
  const wrong = wordsOf(error);
  const set = (part: Partial<Draft>) => onDraft({ ...draft, ...part });
  const keys = (event: KeyboardEvent) => {
    if ((event.ctrlKey || event.metaKey) && (event.key === "Enter" || event.key === "s")) {
      event.preventDefault();
      if (!readonly) onSave();
    }
  };
  const languages = [...new Set(["", ...brand.languages, ...(draft.language ? [draft.language] : [])])];
  return (
    <form
      class="replies-editor"
      onKeyDown={keys}
      onSubmit={(event) => {
        event.preventDefault();
        onSave();
      }}
    >
      <header class="row">
        <IconButton class="replies-back" icon={ArrowLeft} label={t("replies_back")} onClick={onBack} />
        <h2 class="grow cut">{reply ? reply.title : t("replies_new")}</h2>
        {reply && !readonly && <IconButton icon={Trash2} label={t("replies_delete")} onClick={onDelete} />}
      </header>
      <fieldset disabled={readonly} class="stack">
        <TextWithVariables draft={draft} set={set} wrong={wrong.text} />
        <Preview draft={draft} brand={brand} />
        <Doubles {...props} />
        <div class="replies-fields">
          <Input
            label={t("replies_title")}
            optional
            value={draft.title}
            wrong={wrong.title}
            hint={t("replies_title_hint")}
            onText={(title) => set({ title })}
          />
          <Input
            label={t("replies_shortcut")}
            optional
            value={draft.shortcut}
            wrong={wrong.shortcut}
            hint={t("replies_shortcut_hint")}
            spellcheck={false}
            onText={(shortcut) => set({ shortcut })}
          />
          <Select
            label={t("replies_language")}
            value={draft.language}
            wrong={wrong.language}
            options={languages.map((code) => ({
              value: code,
              label: code === "" ? t("replies_language_auto") : code === "und" ? t("replies_any") : languageName(code),
            }))}
            onChoose={(language) => set({ language })}
          />
          <Input
            label={t("replies_tags")}
            optional
            value={draft.tags}
            wrong={wrong.tags}
            hint={t("replies_tags_hint")}
            onText={(tags) => set({ tags })}
          />
        </div>
        {error && Object.keys(wrong).length === 0 && (
          <p class="note bad" role="alert">
            {error.text}
          </p>
        )}
        <footer class="row wrap">
          <Button kind="primary" big type="submit" busy={busy} disabled={!unsaved || draft.text.trim() === ""}>
            {t("replies_save")} <kbd aria-hidden="true">Ctrl ↵</kbd>
          </Button>
          <span class="muted small">
            {unsaved ? t("replies_unsaved") : reply && reply.uses > 0 ? plural("replies_used", reply.uses) : ""}
          </span>
        </footer>
      </fieldset>
      {readonly && <p class="muted small">{t("replies_readonly")}</p>}
    </form>
  );
}

/** The text, and a menu that puts variables where the caret is. */
function TextWithVariables({
  draft,
  set,
  wrong,
}: {
  draft: Draft;
  set: (part: Partial<Draft>) => void;
  wrong: string | undefined;
}) {
  const area = useRef<HTMLTextAreaElement>(null);
  const insert = (variable: string, select: string) => {
    const element = area.current!;
    const start = element.selectionStart;
    // In the field itself, so that the browser's own undo knows it.
    element.focus();
    element.setRangeText(variable, start, element.selectionEnd, "end");
    set({ text: element.value });
    const from = start + variable.indexOf(select);
    requestAnimationFrame(() => element.setSelectionRange(from, from + select.length));
  };
  const order = t("replies_sample_blank");
  return (
    <div class="field">
      <div class="row">
        <label for="reply-text" class="grow">
          {t("replies_text")}
        </label>
        <Menu
          label={t("replies_insert")}
          class="btn ghost"
          items={[
            {
              label: t("replies_insert_author"),
              run: () => insert(`{{author.name|${t("replies_sample_fallback")}}}`, t("replies_sample_fallback")),
            },
            { label: t("replies_insert_brand"), run: () => insert("{{brand.name}}", "{{brand.name}}") },
            { label: t("replies_insert_link"), run: () => insert("{{link:https://}}", "https://") },
            { label: t("replies_insert_ask"), run: () => insert(`{{ask:${order}}}`, order) },
          ]}
        >
          <Icon icon={Braces} />
          {t("replies_insert")}
        </Menu>
      </div>
      <textarea
        ref={area}
        id="reply-text"
        class="input replies-text"
        rows={5}
        value={draft.text}
        lang={draft.language || undefined}
        aria-invalid={Boolean(wrong)}
        aria-describedby={wrong ? "reply-text-wrong" : undefined}
        placeholder={t("replies_text_hint")}
        onInput={(event) => set({ text: event.currentTarget.value })}
      />
      {wrong && (
        <div class="wrong" id="reply-text-wrong" role="alert">
          {wrong}
        </div>
      )}
    </div>
  );
}

/** As somebody will read it; blanks stand out, since they must be filled before sending. */
function Preview({ draft, brand }: { draft: Draft; brand: Brand }) {
  const [named, setNamed] = useState(true);
  const has_name = /\{\{\s*author\.name/.test(draft.text);
  if (!draft.text.trim()) return null;
  const parts = fillSample(draft.text, { author: named ? "Maud" : "", brand: brand.name });
  return (
    <section class="replies-preview" aria-label={t("replies_preview")}>
      <header class="row">
        <h3 class="small muted grow">{t("replies_preview")}</h3>
        {has_name && (
          <Button kind="ghost" aria-pressed={!named} onClick={() => setNamed(!named)}>
            {t("replies_without_name")}
          </Button>
        )}
      </header>
      <p lang={draft.language || undefined}>
        {parts.map(({ text, kind }, index) =>
          kind === "plain" ? (
            text
          ) : kind === "blank" ? (
            <mark key={index}>{text}</mark>
          ) : (
            <span key={index} class={`replies-${kind}`}>
              {text}
            </span>
          ),
        )}
      </p>
      {parts.some(({ kind }) => kind === "wrong") && (
        <p class="small replies-wrong-words" role="status">
          {t("replies_wrong_variable")}
        </p>
      )}
      {parts.some(({ kind }) => kind === "blank") && <p class="small muted">{t("replies_blanks")}</p>}
    </section>
  );
}

function Doubles({ draft, others, onGoTo }: EditorProps) {
  const found = doubles(draft, others);
  if (!found.shortcut && !found.text) return null;
  return (
    <div class="stack">
      {found.text && (
        <p class="note warn" role="status">
          <span class="grow">{t("replies_same_text", { title: found.text.title })}</span>
          <Button onClick={() => onGoTo(found.text!)}>{t("replies_show_it")}</Button>
        </p>
      )}
      {found.shortcut && (
        <p class="note warn" role="status">
          <span class="grow">
            {t("replies_same_shortcut", { shortcut: found.shortcut.shortcut, title: found.shortcut.title })}
          </span>
          <Button onClick={() => onGoTo(found.shortcut!)}>{t("replies_show_it")}</Button>
        </p>
      )}
    </div>
  );
}
