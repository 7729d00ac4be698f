/** What the team adds to a mention: who takes it, tags, a note; and its log. */
import { X } from "lucide";
import { useEffect, useId, useRef, useState } from "preact/hooks";
import type { Client } from "../../shared/api";
import { moment, t } from "../../shared/i18n";
import type { Mention } from "../../shared/types";
import { Chip, IconButton, Select, useLoad } from "../../shared/ui";
import type { Fields } from "./fields";
import { type Member, takers } from "./team";

interface EditProps {
  client: Client;
  mention: Mention;
  members: Member[];
  /** Which field has the caret when this opens. */
  at: "" | "tags" | "note";
  /** `before`: the mention as this was meant to change it, where that is not how it is now. */
  onChange: (fields: Fields, said: string, before?: Mention) => void;
  /** Back to the list. */
  onLeave: () => void;
  /** Take back one entry of the log. */
  onUndo: (act: string) => void;
}

const NOTE_AFTER_MS = 700;

export function TeamFields({ client, mention, members, at, onChange, onLeave, onUndo }: EditProps) {
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the list's keys are not for what is written here
    <div
      class="inbox-team"
      onKeyDown={(event) => {
        event.stopPropagation();
        if (event.key !== "Escape") return;
        event.preventDefault(); // a popup would close
        onLeave();
      }}
    >
      {takers(members).length > 1 && (
        <Select
          label={t("inbox_assignee")}
          value={mention.assignee_id ?? ""}
          options={[
            { value: "", label: t("inbox_nobody") },
            ...takers(members, mention.assignee_id).map(({ id, name }) => ({ value: id, label: name })),
          ]}
          onChoose={(id) => {
            const name = members.find((one) => one.id === id)?.name ?? "";
            onChange({ assignee_id: id || null }, id ? t("inbox_said_assigned", { name }) : t("inbox_said_unassigned"));
          }}
        />
      )}
      <Tags mention={mention} focused={at === "tags"} onChange={onChange} onLeave={onLeave} />
      <Note mention={mention} focused={at === "note"} onChange={onChange} />
      <Log client={client} mention={mention} members={members} onUndo={onUndo} />
    </div>
  );
}

type FieldProps = Pick<EditProps, "mention" | "onChange"> & { focused: boolean };

function Tags({ mention, focused, onChange, onLeave }: FieldProps & Pick<EditProps, "onLeave">) {
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (focused) input.current?.focus();
  }, [focused]);
  const set = (tags: string[]) => onChange({ tags }, t("inbox_said_tagged"));
  const add = () => {
    const given = (input.current?.value ?? "").split(",").map((tag) => tag.trim());
    const added = given.filter((tag) => tag && !mention.tags.includes(tag));
    if (input.current) input.current.value = "";
    if (added.length > 0) set([...mention.tags, ...added]);
  };
  return (
    <div class="inbox-tags">
      <label for={id}>{t("inbox_tags")}</label>
      <div class="row wrap">
        {mention.tags.map((tag) => (
          <Chip key={tag}>
            {tag}
            <IconButton
              icon={X}
              label={t("inbox_tag_remove", { tag })}
              onClick={() => set(mention.tags.filter((one) => one !== tag))}
            />
          </Chip>
        ))}
        <input
          ref={input}
          id={id}
          class="input"
          maxLength={60}
          placeholder={t("inbox_tags_hint")}
          onKeyDown={(event) => {
            if (event.key === "Enter" || event.key === ",") {
              event.preventDefault();
              if (event.key === "Enter" && event.currentTarget.value.trim() === "") onLeave();
              else add();
            } else if (event.key === "Escape") {
              event.currentTarget.value = ""; // what was not finished is not added by leaving
            } else if (event.key === "Backspace" && event.currentTarget.value === "" && mention.tags.length > 0) {
              set(mention.tags.slice(0, -1));
            }
          }}
          onBlur={add}
        />
      </div>
    </div>
  );
}

/** Saved when one stops writing, and when one leaves. */
function Note({ mention, focused, onChange }: FieldProps) {
  const id = useId();
  const box = useRef<HTMLTextAreaElement>(null);
  const [text, setText] = useState(mention.note);
  const saved = useRef(mention.note);
  const newest = useRef(text);
  newest.current = text;
  const write = useRef(onChange);
  write.current = onChange;
  /** The mention as it was at the first key that is not saved: what somebody else writes after that clashes with it. */
  const base = useRef<Mention>(undefined);
  const save = () => {
    const note = newest.current.trim(); // as the server keeps it
    if (note === saved.current) return;
    saved.current = note;
    write.current({ note }, t("inbox_said_noted"), base.current);
    base.current = undefined;
  };
  const type = (typed: string) => {
    base.current = typed.trim() === saved.current ? undefined : (base.current ?? mention);
    setText(typed);
  };
  useEffect(() => {
    if (focused) box.current?.focus();
  }, [focused]);
  useEffect(() => {
    // Somebody else wrote: shown where nothing of ours waits to be saved. A blank behind our own words is none of that.
    const written = newest.current.trim();
    if (written === saved.current && written !== mention.note) setText(mention.note);
    saved.current = mention.note;
  }, [mention.note]);
  useEffect(() => {
    const timer = setTimeout(save, NOTE_AFTER_MS);
    return () => clearTimeout(timer);
  }, [text]);
  useEffect(() => save, []);
  return (
    <div>
      <label for={id}>{t("inbox_note")}</label>
      <textarea
        ref={box}
        id={id}
        class="input"
        rows={2}
        maxLength={10_000}
        placeholder={t("inbox_note_hint")}
        value={text}
        onInput={(event) => type(event.currentTarget.value)}
        onBlur={save}
      />
    </div>
  );
}

interface LogEntry {
  id: string;
  at: string;
  who: string;
  what: "created" | "changed" | "merged" | "undone" | string;
  /** What takes it back; "" = nothing does. */
  act: string;
  before: Record<string, unknown>;
  after: Record<string, unknown>;
}

function Log({ client, mention, members, onUndo }: Pick<EditProps, "client" | "mention" | "members" | "onUndo">) {
  const path = `/mentions/${encodeURIComponent(mention.id)}/events`;
  const log = useLoad(() => client.get<{ items: LogEntry[] }>(path), [mention.id, mention.version]);
  const entries = log.value?.items ?? [];
  if (entries.length < 2) return null;
  const undone = new Set(entries.filter(({ what }) => what === "undone").map(({ act }) => act));
  return (
    <details class="inbox-log">
      <summary>{t("inbox_log")}</summary>
      <ol>
        {entries.map((entry) => (
          <li key={entry.id}>
            <time dateTime={entry.at}>{moment(entry.at)}</time> {sentenceOf(entry, members)}{" "}
            {entry.what === "changed" && entry.act && !undone.has(entry.act) && (
              <button type="button" class="btn ghost inbox-undo-this" onClick={() => onUndo(entry.act)}>
                {t("inbox_undo_this")}
              </button>
            )}
          </li>
        ))}
      </ol>
    </details>
  );
}

/** "Léa: done, tags changed". */
function sentenceOf({ who, what, after }: LogEntry, members: Member[]): string {
  const by = who || t("inbox_log_machine");
  if (what === "created") return t("inbox_log_created", { by });
  if (what === "merged") return t("inbox_log_merged");
  const said = Object.entries(after).flatMap(([name, value]) => wordsOf(name, value, members));
  const list = said.join(", ") || t("inbox_log_something");
  return what === "undone" ? t("inbox_log_undone", { by, list }) : t("inbox_log_changed", { by, list });
}

/** One field set to `value`, in words. */
export function wordsOf(name: string, value: unknown, members: Member[]): string[] {
  switch (name) {
    case "status":
      return [t(`inbox_status_${value}`).toLowerCase()];
    case "about_us":
      return [t(value === "yes" ? "inbox_log_us" : "inbox_not_us").toLowerCase()];
    case "sentiment":
      return value ? [t(`inbox_mood_${value}`).toLowerCase()] : [];
    case "intent":
      return value ? [t(`inbox_intent_${value}`).toLowerCase()] : [];
    case "assignee_id":
      return [
        value
          ? t("inbox_log_assigned", { name: members.find(({ id }) => id === String(value))?.name ?? "?" })
          : t("inbox_log_unassigned"),
      ];
    case "snoozed_until":
      return [value ? t("inbox_snoozed", { at: moment(String(value)) }).toLowerCase() : t("inbox_log_awake")];
    case "tags":
      return [t("inbox_log_tags", { tags: (value as string[]).join(", ") || "–" })];
    case "note":
      return [t("inbox_log_note")];
    case "priority":
      return [t(Number(value) > 0 ? "inbox_log_first" : "inbox_log_not_first")];
    default:
      return [];
  }
}
