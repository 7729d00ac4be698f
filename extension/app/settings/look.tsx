import { useEffect, useState } from "preact/hooks";
import { inExtension } from "../../shared/browser";
import { browserLanguage, setLanguage, t } from "../../shared/i18n";
import { send } from "../../shared/send";
import { getLocal, keep, kept, setLocal } from "../../shared/storage";
import { Select } from "../../shared/ui";
import type { PageProps } from "../page";
import { chooseTheme, storedTheme, type Theme } from "../shell/theme";

type Choice = "" | "en" | "fr";

/** Language and theme of this browser. */
export function LookPart(_: PageProps) {
  const [language, setChosen] = useState<Choice>("");
  const [theme, setTheme] = useState<Theme>("");
  const [pictures, setPictures] = useState(false);
  useEffect(() => {
    void (inExtension ? getLocal("language") : kept<Choice>("language")).then((found) => setChosen(found ?? ""));
    void storedTheme().then(setTheme);
    if (inExtension) void getLocal("pictures").then(setPictures);
  }, []);
  const speak = async (chosen: Choice) => {
    setChosen(chosen);
    const spoken = chosen || browserLanguage();
    if (inExtension) await send("language.use", { language: spoken });
    else await keep("language", chosen || null);
    setLanguage(spoken);
  };
  return (
    <div class="stack settings-form">
      <Select
        label={t("settings_language")}
        value={language}
        options={[
          { value: "", label: t("settings_language_browser") },
          { value: "en", label: "English" },
          { value: "fr", label: "Français" },
        ]}
        onChoose={(chosen) => void speak(chosen as Choice)}
      />
      <Select
        label={t("settings_theme")}
        value={theme}
        options={[
          { value: "", label: t("settings_theme_system") },
          { value: "light", label: t("settings_theme_light") },
          { value: "dark", label: t("settings_theme_dark") },
        ]}
        onChoose={(chosen) => {
          setTheme(chosen as Theme);
          void chooseTheme(chosen as Theme);
        }}
      />
      {inExtension && (
        <label class="row">
          <input
            type="checkbox"
            checked={pictures}
            onChange={({ currentTarget: { checked } }) => {
              setPictures(checked);
              void setLocal({ pictures: checked, picture_hosts: [] });
            }}
          />
          <span>{t("settings_pictures")}</span>
        </label>
      )}
    </div>
  );
}
