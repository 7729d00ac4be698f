/** Settings, in parts: each is one subject, and each saves by itself. */
import { t } from "../../shared/i18n";
import { Tabs } from "../../shared/ui";
import { may, type PageProps } from "../page";
import { AboutPart } from "./about";
import { AccountsPart } from "./accounts";
import { AddressPart } from "./address";
import { BrandPart } from "./brand";
import { DevicesPart } from "./devices";
import { KeysPart } from "./keys";
import { LookPart } from "./look";
import { PeoplePart } from "./people";
import { SitesPart } from "./sites";
import "./settings.css";

const PARTS = {
  brand: BrandPart,
  accounts: AccountsPart,
  people: PeoplePart,
  devices: DevicesPart,
  sites: SitesPart,
  address: AddressPart,
  look: LookPart,
  keys: KeysPart,
  about: AboutPart,
} as const;
type Part = keyof typeof PARTS;

export function SettingsPage(props: PageProps) {
  const chosen: Part = props.params.part && props.params.part in PARTS ? (props.params.part as Part) : "brand";
  const Chosen = PARTS[chosen];
  const parts = (Object.keys(PARTS) as Part[]).filter((part) => part !== "people" || may(props.brand, "owner"));
  return (
    <section class="page settings">
      <h1>{t("app_settings")}</h1>
      <Tabs
        label={t("app_settings")}
        chosen={chosen}
        tabs={parts.map((part) => ({ id: part, label: t(`settings_${part}`) }))}
        onChoose={(part) => props.setParams({ part })}
        controls="settings-part"
      />
      <div id="settings-part" role="tabpanel" aria-label={t(`settings_${chosen}`)} class="settings-part">
        <Chosen {...props} />
      </div>
    </section>
  );
}
