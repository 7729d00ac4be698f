/** The first steps: a path, not an empty screen. Every step can be skipped and found again here. */
import { Check } from "lucide";
import type { FunctionComponent } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { Client } from "../../shared/api";
import { t } from "../../shared/i18n";
import { keep, kept } from "../../shared/storage";
import type { Brand, Device, Keyword, Page, SavedReply } from "../../shared/types";
import { Button, Icon, Skeleton, useLoad } from "../../shared/ui";
import type { PageProps } from "../page";
import { BrandStep } from "./brand";
import { ExtensionStep } from "./extension";
import { KeywordStep } from "./keyword";
import { PairStep } from "./pair";
import { PracticeStep } from "./practice";
import { RepliesStep } from "./replies";
import "./firstrun.css";

export type FirstRunProps = Omit<PageProps, "brand"> & { brand: Brand | null; refresh: () => Promise<void> };
/** What each step gets. */
export type StepProps = FirstRunProps & {
  /** The next step. */
  next: () => void;
  /** A step that leaves no trace on the server was done. */
  onDone: () => void;
};

const STEPS = ["brand", "keyword", "replies", "extension", "pair", "practice"] as const;
type Step = (typeof STEPS)[number];
type Marks = Partial<Record<Step, boolean>>;

const VIEWS: Record<Step, FunctionComponent<StepProps>> = {
  brand: BrandStep,
  keyword: KeywordStep,
  replies: RepliesStep,
  extension: ExtensionStep,
  pair: PairStep,
  practice: PracticeStep,
};
/** What can be done before anybody said who this is for. */
const WITHOUT_BRAND: readonly Step[] = ["brand", "extension", "pair", "practice"];
/** Name of what this browser remembers of the path. */
const KEPT = "firstrun";

export function FirstRunPage(props: FirstRunProps) {
  const { client, brand, params, setParams, go } = props;
  // Skipped steps and those that no server knows of, in this browser.
  const [local, setLocal] = useState<{ done: Step[]; skipped: Step[] }>();
  useEffect(() => {
    void kept<{ done: Step[]; skipped: Step[] }>(KEPT).then((found) => setLocal(found ?? { done: [], skipped: [] }));
  }, []);
  const remember = (list: "done" | "skipped", step: Step) => {
    const old = local ?? { done: [], skipped: [] };
    if (old[list].includes(step)) return;
    const now = { ...old, [list]: [...old[list], step] };
    setLocal(now);
    void keep(KEPT, now);
  };
  const progress = useLoad(() => readProgress(client, brand), [client, brand?.id, params.step]);
  useEffect(
    () => client.onChange((kinds) => kinds.some((k) => /^(device|keyword|reply)\.|^$/.test(k)) && progress.reload()),
    [client],
  );
  const done: Marks = { ...progress.value, brand: Boolean(brand) };
  for (const one of local?.done ?? []) done[one] = true;
  const step = chooseStep(params.step, brand, done, local?.skipped ?? [], Boolean(progress.value && local));
  const path = brand ? STEPS : WITHOUT_BRAND;
  const go_on = (path: readonly Step[]) => {
    if (step === undefined) return;
    // Without a brand there is nothing else to show: it is asked for again at every start.
    if (!done[step] && step !== "brand") remember("skipped", step);
    if (step === "practice" && brand) go("today");
    else setParams({ step: path[(path.indexOf(step) + 1) % path.length]! });
  };
  const next = () => go_on(path);
  // Whoever was just told who this is for calls this with what it knew before.
  const done_here = step === "brand" ? () => go_on(STEPS) : next;
  const View = step && VIEWS[step];
  return (
    <section class="page firstrun">
      <h1>{t("app_welcome")}</h1>
      <ol class="firstrun-steps">
        {STEPS.map((one, index) => (
          <li key={one}>
            <button
              type="button"
              aria-current={one === step ? "step" : undefined}
              disabled={!path.includes(one)}
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
        {View ? (
          <>
            <h2>{t(`firstrun_${step}_title`)}</h2>
            <View key={`${step} ${brand?.id}`} {...props} next={done_here} onDone={() => remember("done", step)} />
          </>
        ) : (
          <Skeleton rows={4} />
        )}
        {step && (
          <footer class="row">
            {step !== "brand" && (
              <Button kind="ghost" onClick={() => setParams({ step: path[path.indexOf(step) - 1]! })}>
                {t("firstrun_back")}
              </Button>
            )}
            <span class="grow" />
            {step === "practice" ? (
              <Button kind="primary" onClick={next}>
                {t(brand ? "firstrun_finish" : "firstrun_say_who")}
              </Button>
            ) : (
              <>
                {brand && (
                  <Button kind="ghost" onClick={() => go("today")}>
                    {t("firstrun_finish")}
                  </Button>
                )}
                <Button kind={done[step] && step !== "brand" ? "primary" : "plain"} onClick={next}>
                  {t(done[step] ? "firstrun_next" : "firstrun_skip")}
                </Button>
              </>
            )}
          </footer>
        )}
      </div>
    </section>
  );
}

/** The step asked for; else the first that is neither done nor skipped. Undefined while that is not known yet. */
function chooseStep(
  asked: string | undefined,
  brand: Brand | null,
  done: Marks,
  skipped: Step[],
  known: boolean,
): Step | undefined {
  const named = (brand ? STEPS : WITHOUT_BRAND).find((step) => step === asked);
  if (!brand) return named ?? "brand";
  if (named) return named;
  if (!known) return undefined;
  return (
    STEPS.find((step) => !done[step] && !skipped.includes(step)) ?? STEPS.find((step) => !done[step]) ?? "practice"
  );
}

/** What the server shows as done. What may not be read counts as not done. */
async function readProgress(client: Client, brand: Brand | null): Promise<Marks> {
  if (!brand) return {};
  const query = { brand_id: brand.id, limit: 1 };
  const [keywords, replies, devices] = await Promise.allSettled([
    client.get<Page<Keyword>>("/keywords", query),
    client.get<Page<SavedReply>>("/replies", query),
    client.get<Page<Device>>("/devices"),
  ]);
  const any = (found: PromiseSettledResult<Page<unknown>>) =>
    found.status === "fulfilled" && found.value.items.length > 0;
  const paired = devices.status === "fulfilled" && devices.value.items.some(({ kind }) => kind === "extension");
  return { keyword: any(keywords), replies: any(replies), extension: paired, pair: paired };
}
