import { Eye, SearchX } from "lucide";
import { useEffect, useRef, useState } from "preact/hooks";
import { ApiError, type Client } from "../../../shared/api";
import { t } from "../../../shared/i18n";
import type { Brand, Source } from "../../../shared/types";
import { Button, Icon, Input, Skeleton, toast, undoable } from "../../../shared/ui";
import { type Candidate, discover } from "../candidates/discover";
import { CandidateList } from "../candidates/list";
import { fieldWords } from "../words";
import "../candidates/candidates.css";

interface AddressFormProps {
  client: Client;
  brand: Brand;
  /** To begin with. */
  url: string;
  onAdded: (source: Source) => void;
  onRemoved: (id: string) => void;
}

/** Where a page names no feed, the page itself can be listened to. */
const NO_FEED = new Set(["no_feed", "not_a_feed"]);

/** To the address, where the form is open: the next one is pasted over it. */
export function toAddress(): void {
  const field = document.querySelector<HTMLInputElement>(".source-form input");
  field?.focus();
  field?.select();
}

/** Any address, profile or name: what can be listened to there, each with what it would have brought. */
export function AddressForm({ client, brand, url: given, onAdded: addedTo, onRemoved }: AddressFormProps) {
  const [text, setText] = useState(given);
  const [found, setFound] = useState<Candidate[]>();
  const [error, setError] = useState<ApiError>();
  const [busy, setBusy] = useState(false);
  /** Which address is looked at, or was: what is there is shown while no other is written. */
  const asked = useRef("");
  const look = async () => {
    const address = text.trim();
    if (busy || !address) return;
    asked.current = address;
    setBusy(true);
    setError(undefined);
    setFound(undefined);
    try {
      const there = await discover(client, brand.id, address);
      if (asked.current === address) setFound(there);
    } catch (thrown) {
      if (!(thrown instanceof ApiError)) throw thrown;
      if (asked.current === address) setError(thrown);
    } finally {
      if (asked.current === address) setBusy(false);
    }
  };
  const type = (typed: string) => {
    setText(typed);
    setError(undefined);
    if (typed.trim() === asked.current) return;
    asked.current = "";
    setFound(undefined);
    setBusy(false);
  };
  useEffect(() => {
    if (given) void look();
  }, []);
  const onAdded = (source: Source) => {
    addedTo(source);
    // The button that was pressed is gone.
    toAddress();
  };
  return (
    <>
      <form
        class="source-form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void look();
        }}
      >
        <Input
          label={t("sources_address")}
          hint={t("sources_address_hint")}
          value={text}
          wrong={error && fieldWords(error, "url")}
          spellcheck={false}
          autocomplete="off"
          autoFocus
          placeholder="https://"
          onText={type}
        />
        <Button type="submit" kind={found ? "plain" : "primary"} busy={busy} disabled={!text.trim()}>
          {t("sources_look")}
        </Button>
      </form>
      {busy && (
        <div role="status">
          <p class="small muted">{t("candidates_looking")}</p>
          <Skeleton rows={2} />
        </div>
      )}
      {error && NO_FEED.has(error.code) && (
        <WatchInstead
          client={client}
          brand={brand}
          url={asked.current}
          onAdded={onAdded}
          onRemoved={onRemoved}
          onFailed={setError}
        />
      )}
      {found && (
        <CandidateList
          client={client}
          brand_id={brand.id}
          found={found}
          editor
          onAdded={onAdded}
          onRemoved={onRemoved}
        />
      )}
    </>
  );
}

function WatchInstead({
  client,
  brand,
  url,
  onAdded,
  onRemoved,
  onFailed,
}: Pick<AddressFormProps, "client" | "brand" | "url" | "onAdded" | "onRemoved"> & {
  onFailed: (error: ApiError) => void;
}) {
  const [busy, setBusy] = useState(false);
  const watch = async () => {
    setBusy(true);
    try {
      const address = /^https?:/i.test(url) ? url : `https://${url}`;
      const body = { brand_id: brand.id, kind: "watch", params: { url: address } };
      const source = await client.post<Source>("/sources", body);
      undoable(t("notice_watching_page", { name: source.name || address }), () => {
        void client.del(`/sources/${source.id}`).then(
          () => onRemoved(source.id),
          (error) => toast(error instanceof ApiError ? error.text : t("error_internal")),
        );
      });
      onAdded(source);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      onFailed(error);
    }
    setBusy(false);
  };
  return (
    <div class="note">
      <Icon icon={SearchX} />
      <div class="stack tight">
        <p>{t("sources_no_feed")}</p>
        <div class="row wrap">
          <Button icon={Eye} busy={busy} onClick={() => void watch()}>
            {t("menu_watch_page")}
          </Button>
        </div>
      </div>
    </div>
  );
}
