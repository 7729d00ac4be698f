import { useState } from "preact/hooks";
import { ApiError } from "../../../shared/api";
import { t } from "../../../shared/i18n";
import type { Source, SourceKind } from "../../../shared/types";
import { Button, Input } from "../../../shared/ui";
import { fieldWords } from "../words";
import type { AccessGiven } from "./acts";
import { ParamField, wrongWords } from "./kind_form";

interface AccessFormProps {
  source: Source;
  kind: SourceKind;
  /** Rejects with ApiError. */
  onGive: (values: AccessGiven) => Promise<void>;
  onClose: () => void;
}

/** What lets us in: a name and a password, a header, or the secrets of the kind. What is kept is never shown again. */
export function AccessForm({ source, kind, onGive, onClose }: AccessFormProps) {
  const [username, setUsername] = useState("");
  const [password, setPassword] = useState("");
  const [header, setHeader] = useState("");
  const [value, setValue] = useState("");
  const [secrets, setSecrets] = useState<Record<string, string>>({});
  const [error, setError] = useState<ApiError>();
  const [busy, setBusy] = useState(false);
  const own = kind.secrets.length === 0;
  const give = async (values: AccessGiven) => {
    setBusy(true);
    setError(undefined);
    try {
      await onGive(values);
      onClose();
    } catch (thrown) {
      if (!(thrown instanceof ApiError)) throw thrown;
      setError(thrown);
      setBusy(false);
    }
  };
  const save = (event: Event) => {
    event.preventDefault();
    if (busy) return;
    const headers = header.trim() ? { [header.trim()]: value } : {};
    void give(own ? { access: { username, password, headers } } : { secrets });
  };
  const kept = source.access !== null || source.secrets.length > 0;
  const empty = own ? !username && !header.trim() : kind.secrets.every(({ name }) => !secrets[name]);
  return (
    <form class="stack source-access" onSubmit={save} aria-label={t("sources_access")} noValidate>
      {own ? (
        <>
          <Input label={t("sources_username")} value={username} autoFocus autocomplete="off" onText={setUsername} />
          <Input
            label={t("sources_password")}
            type="password"
            value={password}
            autocomplete="new-password"
            onText={setPassword}
          />
          <details>
            <summary class="small muted">{t("sources_or_header")}</summary>
            <div class="stack">
              <Input label={t("sources_header")} value={header} spellcheck={false} onText={setHeader} />
              <Input
                label={t("sources_header_value")}
                type="password"
                autocomplete="new-password"
                value={value}
                onText={setValue}
              />
            </div>
          </details>
        </>
      ) : (
        kind.secrets.map((param, index) => (
          <ParamField
            key={param.name}
            param={param}
            secret
            value={secrets[param.name] ?? ""}
            focus={index === 0}
            wrong={wrongWords(error, "secrets", param)}
            onText={(text) => setSecrets((old) => ({ ...old, [param.name]: text }))}
          />
        ))
      )}
      <p class="small muted">{t("sources_sealed")}</p>
      {error && (
        <p class="wrong" role="alert">
          {own ? fieldWords(error, "access") : error.text}
        </p>
      )}
      <div class="row wrap">
        <Button kind="primary" type="submit" busy={busy} disabled={empty}>
          {t("settings_save")}
        </Button>
        {kept && own && <Button onClick={() => void give({ access: null })}>{t("sources_access_forget")}</Button>}
        <Button onClick={onClose}>{t("ui_cancel")}</Button>
      </div>
    </form>
  );
}
