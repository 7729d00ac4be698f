/** What else can be done with a mention: the menu behind the three dots. */
import { t } from "../../shared/i18n";
import type { Mention } from "../../shared/types";
import { copyText, type MenuItem } from "../../shared/ui";
import type { Fields } from "./fields";

interface More {
  setStatus: (mention: Mention, status: Mention["status"]) => void;
  snooze: (mention: Mention) => void;
  notUs: (mention: Mention) => void;
  ours: (mention: Mention) => void;
  change: (mention: Mention, fields: Fields, said: string) => void;
  first: (mention: Mention) => void;
  take: (mention: Mention) => void;
  assign: (mention: Mention) => void;
  edit: (field: "tags" | "note") => void;
}

export function moreItems(
  mention: Mention,
  { setStatus, snooze, notUs, ours, change, first, take, assign, edit }: More,
): MenuItem[] {
  const items: MenuItem[] = [];
  const later = mention.snoozed_until && Date.parse(mention.snoozed_until) > Date.now();
  if (mention.status !== "replied") {
    items.push({ label: t("inbox_mark_replied"), shortcut: "R", run: () => setStatus(mention, "replied") });
  }
  if (mention.status === "new") items.push({ label: t("inbox_mark_open"), run: () => setStatus(mention, "open") });
  else items.push({ label: t("inbox_mark_new"), shortcut: "N", run: () => setStatus(mention, "new") });
  if (later) {
    items.push({
      label: t("inbox_wake"),
      run: () => change(mention, { snoozed_until: null }, t("inbox_said_awake")),
    });
  } else items.push({ label: t("inbox_snooze"), shortcut: "s", run: () => snooze(mention) });
  items.push(
    { label: t("inbox_take"), shortcut: "a", separated: true, run: () => take(mention) },
    { label: t("inbox_assign"), shortcut: "A", run: () => assign(mention) },
    { label: t(mention.priority > 0 ? "inbox_not_first" : "inbox_first"), shortcut: "!", run: () => first(mention) },
    { label: t("inbox_tags"), shortcut: "t", run: () => edit("tags") },
    { label: t("inbox_note"), shortcut: "n", run: () => edit("note") },
  );
  if (mention.about_us !== "yes") {
    items.push({ label: t("inbox_about_us"), separated: true, run: () => ours(mention) });
  }
  if (mention.about_us !== "no") {
    items.push({
      label: t("inbox_not_us"),
      shortcut: "x",
      separated: mention.about_us === "yes",
      run: () => notUs(mention),
    });
  }
  if (mention.status !== "spam")
    items.push({ label: t("inbox_mark_spam"), shortcut: "#", run: () => setStatus(mention, "spam") });
  items.push({
    label: t("inbox_copy"),
    separated: true,
    run: () => void copyText(mention.url, t("inbox_copied")),
  });
  return items;
}
