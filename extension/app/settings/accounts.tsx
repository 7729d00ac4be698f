import { ExternalLink, KeyRound, RefreshCw } from "lucide";
import { useEffect, useState } from "preact/hooks";
import { ApiError } from "../../shared/api";
import { ago, t } from "../../shared/i18n";
import type { NetworkAccount } from "../../shared/types";
import { Button, Chip, Empty, FinalButton, Icon, Input, Skeleton, toast, useLoad } from "../../shared/ui";
import { networkName } from "../inbox/who";
import { may, type PageProps } from "../page";

interface Manifest {
  network: string;
  name: string;
  publish: boolean;
  names_server: boolean;
  default_server: string;
  credentials: { name: string; secret: boolean }[];
}

const TONE = { ok: "good", unauthorized: "bad", unreachable: "warn" } as const;

/** Accounts that are published with. Secrets go in and never come back. */
export function AccountsPart({ client, brand }: PageProps) {
  const [connecting, setConnecting] = useState<Manifest>();
  const accounts = useLoad(
    async () => (await client.get<{ items: NetworkAccount[] }>("/accounts", { brand_id: brand.id })).items,
    [client, brand.id],
  );
  const networks = useLoad(
    async () => (await client.get<{ items: Manifest[] }>("/networks")).items.filter(({ publish }) => publish),
    [client],
  );
  useEffect(
    () => client.onChange((kinds) => kinds.some((k) => /^(account\.|$)/.test(k)) && accounts.reload()),
    [client],
  );
  const owner = may(brand, "owner");

  const act = async (work: () => Promise<unknown>, said: string) => {
    try {
      await work();
      toast(t(said));
    } catch (error) {
      toast(error instanceof ApiError ? error.text : t("error_internal"));
    }
    accounts.reload();
  };

  if (connecting) {
    return (
      <Connect
        network={connecting}
        onCancel={() => setConnecting(undefined)}
        onConnect={async (server, credentials) => {
          await client.post("/accounts", { brand_id: brand.id, network: connecting.network, server, credentials });
          toast(t("settings_account_connected"));
          setConnecting(undefined);
          accounts.reload();
        }}
      />
    );
  }
  return (
    <div class="stack">
      {accounts.loading && !accounts.value && <Skeleton rows={2} />}
      {accounts.error && <p class="wrong">{accounts.error.text}</p>}
      {accounts.value?.length === 0 && (
        <Empty icon={KeyRound} title={t("settings_no_accounts")}>
          <p>{t("settings_no_accounts_text")}</p>
        </Empty>
      )}
      <ul class="settings-list">
        {accounts.value?.map((account) => (
          <li key={account.id} class="row wrap">
            <div class="grow">
              <b>{account.handle}</b> <span class="faint">{networkName(account.network)}</span>
              <p class="small muted">
                {account.last_error
                  ? t("settings_account_said", { words: account.last_error })
                  : account.checked_at && t("settings_checked", { ago: ago(account.checked_at) })}
              </p>
              {account.untold?.map((what) => (
                <p key={what} class="small">
                  {t(`settings_account_${what}`)}
                </p>
              ))}
            </div>
            <Chip tone={TONE[account.state]}>{t(`settings_account_${account.state}`)}</Chip>
            <Button
              icon={RefreshCw}
              onClick={() => void act(() => client.post(`/accounts/${account.id}/check`), "settings_account_checked")}
            >
              {t("settings_check")}
            </Button>
            {owner && (
              <FinalButton
                question={t("settings_disconnect_sure")}
                onSure={() => void act(() => client.del(`/accounts/${account.id}`), "settings_account_gone")}
              >
                {t("settings_disconnect")}
              </FinalButton>
            )}
          </li>
        ))}
      </ul>
      {owner && (
        <div class="row wrap">
          {networks.value?.map((network) => (
            <Button key={network.network} onClick={() => setConnecting(network)}>
              {t("settings_connect", { network: network.name })}
            </Button>
          ))}
        </div>
      )}
      <p class="small muted">{t("settings_accounts_hint")}</p>
    </div>
  );
}

interface ConnectProps {
  network: Manifest;
  onCancel: () => void;
  onConnect: (server: string, credentials: Record<string, string>) => Promise<void>;
}

/** The clicks that get a secret from the network, then the fields it needs; checked before it is kept. */
function Connect({ network, onCancel, onConnect }: ConnectProps) {
  const [server, setServer] = useState("");
  const [credentials, setCredentials] = useState<Record<string, string>>({});
  const [wrong, setWrong] = useState<ApiError>();
  const [busy, setBusy] = useState(false);
  const submit = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    setWrong(undefined);
    try {
      await onConnect(server.trim() || network.default_server, credentials);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      setWrong(error);
    } finally {
      setBusy(false);
    }
  };
  const host = server
    .trim()
    .replace(/^https?:\/\//, "")
    .replace(/\/.*$/, "");
  const page =
    network.network === "mastodon"
      ? host && `https://${host}/settings/applications/new`
      : network.network === "bluesky"
        ? "https://bsky.app/settings/app-passwords"
        : "";
  return (
    <form class="stack settings-form" onSubmit={(event) => void submit(event)}>
      <h2>{t("settings_connect", { network: network.name })}</h2>
      {network.names_server && (
        <Input
          label={t("settings_server")}
          placeholder="mastodon.social"
          value={server}
          wrong={wrong?.fields.server && wrong.textOf("server")}
          required
          autoFocus
          spellcheck={false}
          onText={setServer}
        />
      )}
      <p class="muted">{t(`settings_how_${network.network}`)}</p>
      {page && (
        <p>
          <a href={page} target="_blank" rel="noreferrer" class="row">
            <Icon icon={ExternalLink} /> {page.replace("https://", "")}
          </a>
        </p>
      )}
      {network.credentials.map(({ name, secret }) => (
        <Input
          key={name}
          label={t(`settings_credential_${name}`)}
          type={secret ? "password" : "text"}
          autocomplete="off"
          spellcheck={false}
          value={credentials[name] ?? ""}
          wrong={(wrong?.fields[name] ?? wrong?.fields[`credentials.${name}`]) && wrong?.textOf(name)}
          required
          onText={(value) => setCredentials((old) => ({ ...old, [name]: value }))}
        />
      ))}
      {wrong && (
        <p class="wrong" role="alert">
          {wrong.text}
        </p>
      )}
      <div class="row">
        <Button kind="primary" type="submit" busy={busy}>
          {t("settings_connect_do")}
        </Button>
        <Button onClick={onCancel}>{t("ui_cancel")}</Button>
      </div>
    </form>
  );
}
