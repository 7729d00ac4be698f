/** The first steps: a path, not an empty screen. Every step can be skipped and found again here. */
import { Check } from "lucide";
import type { FunctionComponent } from "preact";
import { useEffect, useState } from "preact/hooks";
import { t } from "../../shared/i18n";
import { keep, kept } from "../../shared/storage";
import type { Brand, Device, Keyword, Page, SavedReply } from "../../shared/types";
import { Button, Icon, useLoad } from "../../shared/ui";
import type { PageProps } from "../page";
import { BrandStep } from "./brand";
import { ExtensionStep } from "./extension";
import { KeywordStep } from "./keyword";
import { PairStep } from "./pair";
import { PracticeStep } from "./practice";
import { RepliesStep } from "./replies";
import "./firstrun.css";

export type FirstRunProps = Omit<PageProps, "brand"> & { brand: Brand | null; refresh: () => Promise<void> };
/** What each step gets: once past the first there is a brand. */
export type StepProps = FirstRunProps & { next: () => void };

const STEPS = ["brand", "keyword", "replies", "extension", "pair", "practice"] as const;
type Step = (typeof STEPS)[number];

const VIEWS: Record<Step, FunctionComponent<StepProps>> = {
  brand: BrandStep,
  keyword: KeywordStep,
  replies: RepliesStep,
  extension: ExtensionStep,
  pair: PairStep,
  practice: PracticeStep,
};

export function FirstRunPage(props: FirstRunProps) {
  const { client, brand, params, setParams, go } = props;
  const [practised, setPractised] = useState(false);
  useEffect(() => {
    void kept<boolean>("practised").then((found) => setPractised(Boolean(found)));
  }, []);
  const progress = useLoad(async (): Promise<Partial<Record<Step, boolean>>> => {
    if (!brand) return {};
    const [keywords, replies, devices] = await Promise.all([
      client.get<Page<Keyword>>("/keywords", { brand_id: brand.id, limit: 1 }),
      client.get<Page<SavedReply>>("/replies", { brand_id: brand.id, limit: 1 }),
      client.get<Page<Device>>("/devices"),
    ]);
    const paired = devices.items.some(({ kind }) => kind === "extension");
    return {
      brand: true,
      keyword: keywords.items.length > 0,
      replies: replies.items.length > 0,
      extension: paired,
      pair: paired,
    };
  }, [client, brand?.id, params.step]);
  useEffect(
    () => client.onChange((kinds) => kinds.some((k) => /^(device|keyword|reply)\.|^$/.test(k)) && progress.reload()),
    [client],
  );
  const done = { ...progress.value, practice: practised };
  const asked = STEPS.find((step) => step === params.step);
  const first = STEPS.find((step) => !done[step]) ?? "practice";
  const step: Step = brand ? (asked ?? (progress.value ? first : "keyword")) : "brand";
  const next = () => {
    if (step === "practice") {
      void keep("practised", true);
      go("today");
      return;
    }
    setParams({ step: STEPS[STEPS.indexOf(step) + 1] ?? "practice" });
  };
  const View = VIEWS[step];
  return (
    <section class="page firstrun">
      <h1>{t("app_welcome")}</h1>
      <ol class="firstrun-steps">
        {STEPS.map((one, index) => (
          <li key={one}>
            <button
              type="button"
              aria-current={one === step ? "step" : undefined}
              disabled={!brand && one !== "brand"}
              onClick={() => setParams({ step: one })}
            >
              <span class={done[one] ? "mark done" : "mark"}>{done[one] ? <Icon icon={Check} /> : index + 1}</span>
              {t(`firstrun_${one}`)}
              {done[one] && <span class="visually-hidden"> ({t("firstrun_done")})</span>}
            </button>
          </li>
        ))}
      </ol>
      <div class="card firstrun-card">
        <h2>{t(`firstrun_${step}_title`)}</h2>
        <View key={step} {...props} next={next} />
        {brand && (
          <footer class="row">
            <span class="grow" />
            {step !== "practice" && (
              <Button kind="ghost" onClick={next}>
                {t(done[step] ? "firstrun_next" : "firstrun_skip")}
              </Button>
            )}
            <Button
              kind={step === "practice" ? "primary" : "ghost"}
              onClick={() => (step === "practice" ? next() : go("today"))}
            >
              {t("firstrun_finish")}
            </Button>
          </footer>
        )}
      </div>
    </section>
  );
}
