import { Check, CircleAlert, ImagePlus, Link2, PenLine, Plus, X } from "lucide";
import { useRef } from "preact/hooks";
import { count } from "../../shared/counting";
import { number, plural, t } from "../../shared/i18n";
import { Button, Icon, IconButton, Menu } from "../../shared/ui";
import { networkName } from "../inbox/who";
import { type Draft, textFor } from "./draft";
import type { Account } from "./types";

/** "Mastodon" where there is one account there, else "Mastodon @cafe". */
export function accountName(account: Account, all: Account[]): string {
  const name = networkName(account.network);
  return all.filter(({ network }) => network === account.network).length > 1 ? `${name} ${account.handle}` : name;
}

/** Where it goes: each account is a chip that is in or out. */
export function AccountChips({
  accounts,
  chosen,
  wrong,
  onChoose,
  onConnect,
}: {
  accounts: Account[];
  chosen: string[];
  wrong: string | undefined;
  onChoose: (ids: string[]) => void;
  onConnect: () => void;
}) {
  return (
    <fieldset class="compose-accounts">
      <legend class="visually-hidden">{t("compose_where")}</legend>
      {accounts.map((account) => {
        const on = chosen.includes(account.id);
        return (
          <button
            key={account.id}
            type="button"
            class="compose-account"
            aria-pressed={on}
            title={account.state === "ok" ? account.handle : t(`compose_account_${account.state}`)}
            onClick={() => onChoose(on ? chosen.filter((id) => id !== account.id) : [...chosen, account.id])}
          >
            <Icon icon={account.state !== "ok" ? CircleAlert : on ? Check : Plus} />
            <b>{networkName(account.network)}</b> <span class="cut">{account.handle}</span>
          </button>
        );
      })}
      {accounts.length === 0 && (
        <p class="note">
          <span class="grow">{t("compose_no_accounts")}</span>
          <Button onClick={onConnect}>{t("compose_connect")}</Button>
        </p>
      )}
      {wrong && (
        <p class="compose-wrong" role="alert">
          {wrong}
        </p>
      )}
    </fieldset>
  );
}

/** How many characters each network leaves; what is too long says by how much, and is told to screen readers. */
export function Counters({ accounts, draft, all }: { accounts: Account[]; draft: Draft; all: Account[] }) {
  const counted = accounts.map((account) => ({
    account,
    name: accountName(account, all),
    ...count(textFor(draft, account.id), account.counting),
  }));
  const over = counted.filter(({ fits }) => !fits);
  return (
    <>
      <ul class="compose-counts" aria-label={t("compose_counts")}>
        {counted
          .filter(({ limit }) => limit > 0)
          .map(({ account, name, left, limit, fits }) => (
            <li key={account.id} class={fits ? (left < limit / 10 ? "near" : "") : "over"}>
              {name} <b>{fits ? t("compose_left", { n: left }) : plural("compose_too_many", -left)}</b>
              <span class="visually-hidden"> {t("compose_of", { limit: number(limit) })}</span>
            </li>
          ))}
      </ul>
      <p class="visually-hidden" role="status">
        {over.map(({ name, left }) => `${name}: ${plural("compose_too_many", -left)}`).join(", ")}
      </p>
    </>
  );
}

interface TextsProps {
  draft: Draft;
  accounts: Account[];
  all: Account[];
  wrong: Record<string, string>;
  shortening: boolean;
  onDraft: (part: Partial<Draft>) => void;
  onShorten: () => void;
  onFiles: (files: File[]) => void;
  /** Images can be attached on at least one chosen account. */
  images: boolean;
}

/** One text for all, and one of their own for those that need it. */
export function Texts(props: TextsProps) {
  const { draft, accounts, all, wrong, shortening, onDraft, onShorten, onFiles, images } = props;
  const file = useRef<HTMLInputElement>(null);
  const own = accounts.filter(({ id }) => id in draft.variants);
  const common = accounts.filter(({ id }) => !(id in draft.variants));
  const setVariant = (id: string, text: string | undefined) => {
    const { [id]: _, ...rest } = draft.variants;
    onDraft({ variants: text === undefined ? rest : { ...rest, [id]: text } });
  };
  const has_address = /https?:\/\/\S/.test([draft.text, ...Object.values(draft.variants)].join(" "));
  return (
    <div class="stack">
      <div class={`compose-text ${wrong.text ? "wrong" : ""}`}>
        <textarea
          id="compose-text"
          value={draft.text}
          rows={7}
          aria-label={t("compose_text")}
          aria-invalid={Boolean(wrong.text)}
          placeholder={t("compose_text_hint")}
          onInput={(event) => onDraft({ text: event.currentTarget.value })}
          onPaste={(event) => {
            const files = [...(event.clipboardData?.files ?? [])].filter(({ type }) => type.startsWith("image/"));
            if (files.length === 0 || !images) return;
            event.preventDefault();
            onFiles(files);
          }}
        />
        <div class="compose-under">
          {images && (
            <>
              <input
                ref={file}
                type="file"
                class="visually-hidden"
                accept="image/*"
                multiple
                tabIndex={-1}
                aria-hidden="true"
                onChange={(event) => {
                  onFiles([...(event.currentTarget.files ?? [])]);
                  event.currentTarget.value = "";
                }}
              />
              <Button kind="ghost" icon={ImagePlus} onClick={() => file.current?.click()}>
                {t("compose_image")}
              </Button>
            </>
          )}
          <Button kind="ghost" icon={Link2} busy={shortening} disabled={!has_address} onClick={onShorten}>
            {t("compose_shorten")}
          </Button>
          {common.length > 0 && accounts.length > 1 && (
            <Menu
              label={t("compose_variant")}
              items={common.map((account) => ({
                label: accountName(account, all),
                run: () => setVariant(account.id, draft.text),
              }))}
            >
              <Icon icon={PenLine} />
              {t("compose_variant")}
            </Menu>
          )}
          <span class="grow" />
          <Counters accounts={common} draft={draft} all={all} />
        </div>
      </div>
      {wrong.text && (
        <p class="compose-wrong" role="alert">
          {wrong.text}
        </p>
      )}
      {own.map((account) => {
        const name = accountName(account, all);
        const said = wrong[`variants.${account.id}.text`];
        return (
          <div key={account.id} class="stack compose-variant">
            <div class={`compose-text ${said ? "wrong" : ""}`}>
              <div class="compose-for row">
                <label for={`compose-text-${account.id}`} class="grow">
                  {t("compose_only_for", { account: name })}
                </label>
                <IconButton
                  icon={X}
                  label={t("compose_variant_drop", { account: name })}
                  onClick={() => setVariant(account.id, undefined)}
                />
              </div>
              <textarea
                id={`compose-text-${account.id}`}
                value={draft.variants[account.id]}
                rows={4}
                aria-invalid={Boolean(said)}
                onInput={(event) => setVariant(account.id, event.currentTarget.value)}
              />
              <div class="compose-under">
                <span class="grow" />
                <Counters accounts={[account]} draft={draft} all={all} />
              </div>
            </div>
            {said && (
              <p class="compose-wrong" role="alert">
                {said}
              </p>
            )}
          </div>
        );
      })}
    </div>
  );
}
