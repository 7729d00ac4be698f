import { ChevronDown, ChevronUp, Copy, Link2 } from "lucide";
import { useRef, useState } from "preact/hooks";
import { ApiError, type Client } from "../../shared/api";
import { t } from "../../shared/i18n";
import { Button, copyText, Icon, Input } from "../../shared/ui";
import { type LinkRow, shownUrl, withoutScheme } from "./types";

interface CreateProps {
  client: Client;
  brand_id: string;
  /** An address that was handed over. */
  url: string;
  onMade: (link: LinkRow) => void;
}

interface Fields {
  code: string;
  title: string;
  source: string;
  medium: string;
  campaign: string;
  expires: string;
}

const NO_FIELDS: Fields = { code: "", title: "", source: "", medium: "", campaign: "", expires: "" };

/** The address is all that is asked for; the rest is behind *More*. */
export function Create({ client, brand_id, url: given, onMade }: CreateProps) {
  const [url, setUrl] = useState(given);
  const [fields, setFields] = useState(NO_FIELDS);
  const [more, setMore] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ApiError>();
  const [made, setMade] = useState<LinkRow>();
  const input = useRef<HTMLInputElement>(null);
  const set = (part: Partial<Fields>) => setFields({ ...fields, ...part });

  const create = async () => {
    setBusy(true);
    setError(undefined);
    try {
      const link = await client.post<LinkRow>("/links", { brand_id, url: url.trim(), ...bodyOf(fields) });
      setMade(link);
      // What was typed since the button was pressed is the next link.
      setUrl((now) => (now === url ? "" : now));
      setFields((now) => (now === fields ? NO_FIELDS : now));
      onMade(link);
      input.current?.focus();
    } catch (thrown) {
      if (!(thrown instanceof ApiError)) throw thrown;
      setError(thrown);
      if (Object.keys(thrown.fields).some((name) => name !== "url")) setMore(true);
    } finally {
      setBusy(false);
    }
  };
  const wrong = (name: string) => (error?.fields[name] ? sayWrong(name, error) : undefined);
  return (
    <form
      class="card links-create stack"
      onSubmit={(event) => {
        event.preventDefault();
        void create();
      }}
    >
      <div class="links-url">
        <label class="visually-hidden" for="links-url">
          {t("links_address")}
        </label>
        <input
          ref={input}
          id="links-url"
          class="input"
          type="text"
          inputMode="url"
          autocomplete="off"
          spellcheck={false}
          placeholder={t("links_address_hint")}
          value={url}
          aria-invalid={Boolean(wrong("url"))}
          aria-describedby={wrong("url") ? "links-url-wrong" : undefined}
          onInput={(event) => setUrl(event.currentTarget.value)}
        />
        <Button kind="primary" type="submit" icon={Link2} busy={busy} disabled={url.trim() === ""}>
          {t("links_shorten")}
        </Button>
        <Button kind="ghost" aria-expanded={more} onClick={() => setMore(!more)}>
          {t("links_more")} <Icon icon={more ? ChevronUp : ChevronDown} />
        </Button>
      </div>
      {wrong("url") && (
        <p class="links-wrong" id="links-url-wrong" role="alert">
          {wrong("url")}
        </p>
      )}
      {error && Object.keys(error.fields).length === 0 && (
        <p class="links-wrong" role="alert">
          {error.text}
        </p>
      )}
      {more && (
        <div class="links-fields">
          <Input
            label={t("links_code")}
            optional
            value={fields.code}
            wrong={wrong("code")}
            hint={t("links_code_hint")}
            spellcheck={false}
            onText={(code) => set({ code })}
          />
          <Input
            label={t("links_title")}
            optional
            value={fields.title}
            wrong={wrong("title")}
            onText={(title) => set({ title })}
          />
          <Input
            label={t("links_source")}
            optional
            value={fields.source}
            wrong={wrong("utm")}
            placeholder="newsletter"
            hint="utm_source"
            onText={(source) => set({ source })}
          />
          <Input
            label={t("links_medium")}
            optional
            value={fields.medium}
            placeholder="social"
            hint="utm_medium"
            onText={(medium) => set({ medium })}
          />
          <Input
            label={t("links_campaign")}
            optional
            value={fields.campaign}
            placeholder="terrasse"
            hint="utm_campaign"
            onText={(campaign) => set({ campaign })}
          />
          <Input
            label={t("links_expires")}
            optional
            type="datetime-local"
            value={fields.expires}
            wrong={wrong("expires_at")}
            onText={(expires) => set({ expires })}
          />
        </div>
      )}
      {made && <Made link={made} />}
    </form>
  );
}

/** What came out, ready to be copied. */
function Made({ link }: { link: LinkRow }) {
  const shown = shownUrl(link);
  return (
    <div class="links-made" role="status">
      <div class="row">
        <output class="grow cut">{withoutScheme(shown)}</output>
        <Button icon={Copy} onClick={() => void copyText(shown, t("links_copied"))}>
          {t("links_copy")}
        </Button>
      </div>
      {!link.public && <p class="small muted">{t("links_clean_given")}</p>}
    </div>
  );
}

function bodyOf(fields: Fields): Record<string, unknown> {
  const utm = { source: fields.source, medium: fields.medium, campaign: fields.campaign };
  const given = Object.entries(utm).filter(([, value]) => value.trim() !== "");
  return {
    ...(fields.code.trim() && { code: fields.code.trim() }),
    ...(fields.title.trim() && { title: fields.title.trim() }),
    ...(given.length > 0 && { utm: Object.fromEntries(given) }),
    ...(fields.expires && { expires_at: new Date(fields.expires).toISOString() }),
  };
}

/** The API answers in English; what goes wrong most has our own words. */
export function sayWrong(name: string, error: ApiError): string {
  if (name === "url") return error.code === "invalid" ? t("links_wrong_url") : error.text;
  if (name === "code") return t(error.status === 409 ? "links_code_taken" : "links_wrong_code");
  if (name === "expires_at") return t("links_wrong_expires");
  return error.textOf(name);
}
