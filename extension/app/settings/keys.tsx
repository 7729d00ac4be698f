import { useEffect, useState } from "preact/hooks";
import { api, inExtension, inFirefox } from "../../shared/browser";
import { t } from "../../shared/i18n";
import { send } from "../../shared/send";
import { getLocal, type Local } from "../../shared/storage";
import { Button, Input, Kbd } from "../../shared/ui";
import type { PageProps } from "../page";

type PanelKeys = Local["panel_keys"];

interface Command {
  name: string;
  shortcut: string;
}

/** What the browser calls our commands, and our words for them. */
const COMMANDS: Record<string, string> = {
  _execute_action: "settings_keys_open",
  reply: "command_reply",
  shorten: "command_shorten",
};
/** Keys that stay: every reader of the page expects them. */
const FIXED: [string, string][] = [
  ["Tab", "settings_keys_tab"],
  ["→ ↓ ↵", "settings_keys_into"],
  ["↑ ↓", "settings_keys_select"],
  ["↵", "settings_keys_insert"],
  ["Ctrl ↵", "settings_keys_own"],
  ["Esc", "settings_keys_close"],
];
const MOST = 9;

/** Every key of the toolbar: the browser's own commands, those of the panel, and those that stay as they are. */
export function KeysPart(_: PageProps) {
  if (!inExtension) return <p class="muted">{t("settings_keys_elsewhere")}</p>;
  return (
    <div class="stack settings-form">
      <Commands />
      <Panel />
      <h2>{t("settings_keys_fixed")}</h2>
      <dl class="settings-keys">
        {FIXED.map(([key, words]) => (
          <div key={key + words}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{t(words)}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

function Commands() {
  const [commands, setCommands] = useState<Command[]>([]);
  useEffect(() => {
    const read = async () => {
      const all = (await api.commands?.getAll?.()) ?? [];
      setCommands(all.map(({ name = "", shortcut = "" }) => ({ name, shortcut })));
    };
    void read();
    // They are changed in a page of the browser's: the person comes back from there.
    window.addEventListener("focus", read);
    return () => window.removeEventListener("focus", read);
  }, []);
  const known = commands.filter(({ name }) => name in COMMANDS);
  return (
    <>
      <h2>{t("settings_keys_anywhere")}</h2>
      <dl class="settings-keys">
        {known.map(({ name, shortcut }) => (
          <div key={name}>
            <dt>{shortcut ? <kbd>{shortcut}</kbd> : <span class="muted">{t("settings_keys_none")}</span>}</dt>
            <dd>{t(COMMANDS[name]!)}</dd>
          </div>
        ))}
      </dl>
      <BrowserPage />
    </>
  );
}

/** The page where a browser lets people change the keys of extensions; Firefox opens it only where it has a call for it. */
function BrowserPage() {
  const open = (api.commands as { openShortcutSettings?: () => Promise<void> } | undefined)?.openShortcutSettings;
  if (inFirefox && !open) return <p class="muted">{t("settings_keys_firefox")}</p>;
  const show = () => void (open ? open() : api.tabs.create({ url: "chrome://extensions/shortcuts" }));
  return (
    <div>
      <Button onClick={show}>{t("settings_keys_change")}</Button>
    </div>
  );
}

function Panel() {
  const [kept, setKept] = useState<PanelKeys | null>(null);
  const [choose, setChoose] = useState("");
  const [search, setSearch] = useState("");
  useEffect(() => {
    void getLocal("panel_keys").then((keys) => {
      setKept(keys);
      setChoose(keys.choose);
      setSearch(keys.search);
    });
  }, []);
  if (!kept) return null;
  const next = cleanKeys({ choose, search });
  const wrong = wrongIn(next);
  const save = async (keys: PanelKeys) => {
    setKept(keys);
    setChoose(keys.choose);
    setSearch(keys.search);
    await send("keys.use", keys);
  };
  const same = next.choose === kept.choose && next.search === kept.search;
  const usual: PanelKeys = { choose: "123456789", search: "/" };
  return (
    <form
      class="stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (!wrong && !same) void save(next);
      }}
    >
      <h2>{t("settings_keys_panel")}</h2>
      <Input
        label={t("settings_keys_choose")}
        hint={t("settings_keys_choose_hint")}
        value={choose}
        onText={setChoose}
        maxLength={30}
        spellcheck={false}
        autocomplete="off"
        wrong={wrong || undefined}
      />
      <Input
        label={t("settings_keys_search")}
        value={search}
        onText={setSearch}
        maxLength={2}
        spellcheck={false}
        autocomplete="off"
      />
      <div class="row wrap">
        <Button type="submit" kind="primary" disabled={Boolean(wrong) || same}>
          {t("settings_keys_save")}
        </Button>
        {(kept.choose !== usual.choose || kept.search !== usual.search) && (
          <Button kind="ghost" onClick={() => void save(usual)}>
            {t("settings_keys_usual")} <Kbd>{`${usual.choose[0]}–${usual.choose.at(-1)} ${usual.search}`}</Kbd>
          </Button>
        )}
      </div>
    </form>
  );
}

/** Small letters, each once, without the blanks between them. */
export function cleanKeys({ choose, search }: PanelKeys): PanelKeys {
  const signs = [...choose.toLowerCase().replace(/\s/g, "")];
  return { choose: [...new Set(signs)].slice(0, MOST).join(""), search: [...search.toLowerCase().trim()][0] ?? "" };
}

function wrongIn({ choose, search }: PanelKeys): string {
  if (choose.length < 3 || !search) return t("settings_keys_few");
  return choose.includes(search) ? t("settings_keys_twice") : "";
}
