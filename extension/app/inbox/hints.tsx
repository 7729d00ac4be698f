/** What a mention is taken for, by whom, and one click to say otherwise. */
import { ChevronDown } from "lucide";
import { languageName, t } from "../../shared/i18n";
import type { Intent, Mention } from "../../shared/types";
import { Icon, Menu, type MenuItem } from "../../shared/ui";
import type { Fields } from "./fields";

export const INTENTS: Intent[] = ["question", "complaint", "praise", "request", "advertising"];
export const MOODS = ["positive", "neutral", "negative"];

/** Mood and wish of a post, each a menu; then the language and rude words. Guesses that are not sure are not shown. */
export function Hints({ mention, onJudge }: { mention: Mention; onJudge: (fields: Fields, said: string) => void }) {
  const mood = items(MOODS, mention.sentiment, mention.sentiment_by, "inbox_mood", (sentiment) =>
    onJudge({ sentiment }, t("inbox_said_mood", { mood: wordOf("inbox_mood", sentiment) })),
  );
  const wish = items(INTENTS, mention.intent, mention.intent_by, "inbox_intent", (intent) =>
    onJudge({ intent: intent as Intent | null }, t("inbox_said_intent", { intent: wordOf("inbox_intent", intent) })),
  );
  const language = mention.language && mention.language !== "und" ? languageName(mention.language) : "";
  return (
    <div class="inbox-hints">
      <Judge
        name={t("inbox_mood")}
        word={mention.sentiment && t(`inbox_mood_${mention.sentiment}`)}
        items={mood}
        by={mention.sentiment_by}
      />
      <Judge
        name={t("inbox_wish")}
        word={mention.intent && t(`inbox_intent_${mention.intent}`)}
        items={wish}
        by={mention.intent_by}
      />
      {language && <span class="muted">{language}</span>}
      {mention.rude.length > 0 && <span class="muted">{t("inbox_rude", { words: mention.rude.join(", ") })}</span>}
    </div>
  );
}

interface JudgeProps {
  name: string;
  word: string | null;
  items: MenuItem[];
  by: Mention["intent_by"];
}

function Judge({ name, word, items, by }: JudgeProps) {
  const said = word ? (by === "machine" ? t("inbox_guess", { word }) : word) : t("inbox_not_judged");
  return (
    <Menu label={`${name}: ${said}`} items={items} class="btn ghost inbox-judge">
      <span class="faint">{name}</span> <span>{said}</span>
      <Icon icon={ChevronDown} />
    </Menu>
  );
}

function wordOf(prefix: string, label: string | null): string {
  return t(label ? `${prefix}_${label}` : "inbox_none_of_these").toLowerCase();
}

function items(
  labels: string[],
  now: string | null,
  by: Mention["intent_by"],
  prefix: string,
  judge: (label: string | null) => void,
): MenuItem[] {
  return [
    ...labels.map((label) => ({
      label: t(`${prefix}_${label}`),
      checked: now === label,
      run: () => judge(label),
    })),
    {
      label: t("inbox_none_of_these"),
      checked: now === null && by === "person",
      separated: true,
      run: () => judge(null),
    },
  ];
}
