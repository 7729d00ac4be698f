import { Copy, RefreshCw } from "lucide";
import { useState } from "preact/hooks";
import { ApiError, type Client } from "../../../shared/api";
import { plural, t } from "../../../shared/i18n";
import type { Source } from "../../../shared/types";
import { Button, copyText, toast, useLoad } from "../../../shared/ui";
import { Unread } from "../../unread";

interface Hook {
  /** null: it has no address yet. */
  made_at: string | null;
  signed: boolean;
  last_at: string | null;
  taken: number;
}

/** The address that other programs post to: told once, made anew at will, and then the one before stops. */
export function HookAddress({ client, source }: { client: Client; source: Source }) {
  const path = `/sources/${source.id}/hook`;
  const hook = useLoad(() => client.get<Hook>(path), [client, source.id]);
  const [made, setMade] = useState<{ url: string; signing_key: string | null }>();
  const [sign, setSign] = useState(false);
  const make = async () => {
    try {
      setMade(await client.post(path, { sign }));
      hook.reload();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      toast(error.text);
    }
  };
  if (!hook.value) return hook.error ? <Unread error={hook.error} onRetry={hook.reload} /> : null;
  const again = hook.value.made_at !== null;
  return (
    <div class="stack tight">
      <p class="small muted">{plural("sources_hook_taken", hook.value.taken)}</p>
      {made ? (
        <div class="note">
          <div class="stack tight">
            <p>{t("sources_hook_once")}</p>
            <code>{made.url}</code>
            {made.signing_key && <code>{t("sources_hook_key", { key: made.signing_key })}</code>}
            <div class="row wrap">
              <Button icon={Copy} onClick={() => void copyText(made.url)}>
                {t("sources_hook_copy")}
              </Button>
              {made.signing_key && (
                <Button icon={Copy} onClick={() => void copyText(made.signing_key!)}>
                  {t("sources_hook_copy_key")}
                </Button>
              )}
            </div>
          </div>
        </div>
      ) : (
        <div class="row wrap">
          <Button kind={again ? "plain" : "primary"} icon={RefreshCw} onClick={() => void make()}>
            {t(again ? "sources_hook_renew" : "sources_hook_make")}
          </Button>
          <label class="row small">
            <input type="checkbox" checked={sign} onChange={(event) => setSign(event.currentTarget.checked)} />
            {t("sources_hook_sign")}
          </label>
        </div>
      )}
    </div>
  );
}
