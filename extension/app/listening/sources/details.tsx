import { ExternalLink, KeyRound, MousePointerClick, RefreshCw, SearchCheck, Trash2 } from "lucide";
import { useState } from "preact/hooks";
import type { Client } from "../../../shared/api";
import { t } from "../../../shared/i18n";
import { PURPOSES, type Purpose, type Source, type SourceKind } from "../../../shared/types";
import { Button } from "../../../shared/ui";
import { noteWords, stateWords, timesWords } from "../words";
import { AccessForm } from "./access_form";
import type { SourceActs } from "./acts";
import { HookAddress } from "./hook_address";
import { isAccount, type Mend, mendsOf } from "./mend";
import { nameOf, needsCare } from "./shown";
import { silenceWords } from "./words";

interface DetailsProps {
  client: Client;
  source: Source;
  kind: SourceKind | undefined;
  zone: string;
  editor: boolean;
  contributor: boolean;
  acts: SourceActs;
}

const MENDS = {
  poll: { icon: RefreshCw, words: "listening_poll" },
  find: { icon: SearchCheck, words: "listening_find" },
  open: { icon: ExternalLink, words: "sources_open" },
  access: { icon: KeyRound, words: "sources_access" },
  pick: { icon: MousePointerClick, words: "sources_pick_again" },
  account: { icon: KeyRound, words: "sources_account" },
};

/** One source unfolded: its address, what is wrong and what mends it, what is taken of it and for what. */
export function SourceDetails({ client, source, kind, zone, editor, contributor, acts }: DetailsProps) {
  const [busy, setBusy] = useState("");
  const [opening, setOpening] = useState(false);
  const name = nameOf(source);
  const care = needsCare(source);
  const opened = kind !== undefined && (kind.own_access || kind.secrets.length > 0);
  const mends = mendsOf(source).filter((mend) => mend !== "access" || opened);
  const may = (mend: Mend) => (mend === "poll" ? contributor : mend === "open" || editor);
  const run = async (name: string, work: (source: Source) => Promise<void>) => {
    setBusy(name);
    await work(source);
    setBusy("");
  };
  const pushed = source.kind === "webhook";
  const others: Mend[] = pushed ? [] : (["poll", "open"] as const).filter((mend) => !mends.includes(mend));
  if (opened && !mends.includes("access")) others.push("access");
  const button = (mend: Mend, first: boolean) => {
    const { icon, words } = MENDS[mend];
    if (mend === "open" || mend === "pick")
      return (
        <a key={mend} class="btn" href={source.url || source.feed_url} target="_blank" rel="noreferrer">
          {t(words)}
        </a>
      );
    return (
      <Button
        key={mend}
        icon={icon}
        kind={first ? "primary" : "plain"}
        busy={busy === mend}
        aria-expanded={mend === "access" ? opening : undefined}
        onClick={() => {
          if (mend === "account") acts.accounts();
          else if (mend === "access") setOpening(!opening);
          else void run(mend, acts[mend]);
        }}
      >
        {t(words)}
      </Button>
    );
  };
  return (
    <section class="source-details" aria-label={name}>
      {!pushed && (
        <p class="small source-address">
          {source.feed_url && source.feed_url !== source.url ? source.feed_url : source.url}
        </p>
      )}
      {care ? (
        <div class="note warn">
          <div class="stack tight">
            <p>
              <b>{t("sources_wrong", { name, note: noteWords(source.last_error) })}</b>
            </p>
            <p class="small">
              {silenceWords(source.answered_on)} · {timesWords(source, zone)}
            </p>
            {source.last_error_text && (
              <details>
                <summary class="small">{t("sources_exactly")}</summary>
                <code lang="en">{source.last_error_text}</code>
              </details>
            )}
          </div>
        </div>
      ) : (
        <p class="small muted">{stateWords(source, zone)}</p>
      )}
      <div class="row wrap">
        {mends.filter(may).map((mend, index) => button(mend, index === 0))}
        {others.filter(may).map((mend) => button(mend, false))}
        {editor && !isAccount(source.kind) && (
          <Button
            kind="danger"
            icon={Trash2}
            aria-label={`${t("listening_remove")}: ${name}`}
            onClick={() => void acts.remove(source)}
          >
            {t("listening_remove")}
          </Button>
        )}
      </div>
      {opening && kind && (
        <AccessForm
          source={source}
          kind={kind}
          onGive={(values) => acts.access(source, values)}
          onClose={() => setOpening(false)}
        />
      )}
      {pushed && editor && <HookAddress client={client} source={source} />}
      {editor && (
        <div class="row wrap source-choices">
          <label>
            <span class="small muted">{t("sources_for")}</span>
            <select
              class="input"
              value={source.purpose}
              onChange={(event) => void acts.change(source, { purpose: event.currentTarget.value as Purpose })}
            >
              {PURPOSES.map((purpose) => (
                <option key={purpose} value={purpose}>
                  {t(`purpose_${purpose}`)}
                </option>
              ))}
            </select>
          </label>
          <label>
            <span class="small muted">{t("listening_take")}</span>
            <select
              class="input"
              value={source.take}
              onChange={(event) => void acts.change(source, { take: event.currentTarget.value as Source["take"] })}
            >
              <option value="all">{t("listening_take_all")}</option>
              <option value="matching">{t("listening_take_matching")}</option>
            </select>
          </label>
        </div>
      )}
    </section>
  );
}
