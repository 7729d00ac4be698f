// biome-ignore-all lint/a11y/useSemanticElements: a table's rows cannot be placed one by one; the roles say the same
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid has the focus and names its row (aria-activedescendant)
// biome-ignore-all lint/a11y/useKeyWithClickEvents: the list's keys do the same
import { CornerUpLeft, Ellipsis } from "lucide";
import type { ComponentChildren } from "preact";
import { memo } from "preact/compat";
import { ago, moment, plural, t } from "../../shared/i18n";
import type { Mention } from "../../shared/types";
import { Button, Chip, Icon, Menu, type MenuItem } from "../../shared/ui";
import { isStuck } from "./belongs";
import { lineOf, type Piece, piecesOf } from "./highlight";
import type { Presence } from "./presence";
import { colourOf, hostOf, initialsOf, nameOf, networkName, whereOf } from "./who";

export interface RowActs {
  answer: (mention: Mention) => void;
  open: (mention: Mention) => void;
  done: (mention: Mention) => void;
  notUs: (mention: Mention) => void;
  /** What else can be done with it, behind ⋯. */
  more: (mention: Mention) => MenuItem[];
  /** What stands below an unfolded mention: the box to answer it. */
  below: (mention: Mention) => ComponentChildren;
  /** It is about us after all. */
  ours: (mention: Mention) => void;
  /** What became of our answer, and what can be done about it. */
  seeAnswer: (mention: Mention) => void;
  /** Into or out of what is picked. */
  pick: (mention: Mention) => void;
  /** All that say the same. */
  sameStory: (mention: Mention) => void;
  /** What it is taken for, and what the team adds to it. */
  hints: (mention: Mention) => ComponentChildren;
  team: (mention: Mention) => ComponentChildren;
  /** What was said before it. */
  conversation: (mention: Mention) => ComponentChildren;
  select: (index: number) => void;
  toggle: (index: number) => void;
}

interface RowProps {
  mention: Mention;
  index: number;
  id: string;
  selected: boolean;
  /** The selected row shows everything, not only the first lines. */
  whole: boolean;
  top: number;
  /** It is being answered here: drawn again when that begins and ends. */
  answering: boolean;
  /** One of several that something is to be done with; some are picked. */
  picked: boolean;
  picking: boolean;
  /** Who else has it open. */
  other: Presence | undefined;
  /** Which of the team's fields has the caret: drawn again when that changes. */
  field: string;
  acts: RowActs;
  /** The minute it is: rows say how long ago. */
  minute: number;
}

/** One mention: two lines; unfolded when selected. */
export const Row = memo(function Row(props: RowProps) {
  const { mention, index, id, selected, whole, answering, picked, picking, other, top, acts, minute } = props;
  const where = whereOf(mention);
  const at = mention.published_at ?? mention.seen_at;
  return (
    <div
      id={id}
      role="row"
      aria-rowindex={index + 1}
      aria-selected={selected}
      class={`inbox-row ${selected ? "selected" : ""} ${picked ? "picked" : ""} ${mention.status}`}
      style={{ top: `${top}px` }}
      onClick={(event) => (event.ctrlKey || event.metaKey ? acts.pick(mention) : acts.select(index))}
      onDblClick={() => acts.open(mention)}
    >
      <div role="gridcell" class="inbox-cell">
        <label
          class={`inbox-avatar ${picking ? "picking" : ""}`}
          style={{ background: colourOf(nameOf(mention)) }}
          onClick={(event) => event.stopPropagation()}
        >
          <input
            type="checkbox"
            tabIndex={-1}
            checked={picked}
            aria-label={t("inbox_pick", { name: nameOf(mention) })}
            onChange={() => acts.pick(mention)}
          />
          <span aria-hidden="true">{initialsOf(mention)}</span>
        </label>
        <div class="inbox-head">
          <div class="inbox-who cut">
            <StatusMark mention={mention} />
            {mention.priority > 0 && (
              <b class="inbox-first" title={t("inbox_first")}>
                !<span class="visually-hidden"> {t("inbox_first")}. </span>
              </b>
            )}
            <b>{mention.author ? <Lit pieces={piecesOf(mention, "author")} /> : nameOf(mention)}</b>{" "}
            <span>{where}</span>
          </div>
          {other ? (
            <Chip tone={other.doing === "answering" ? "warn" : "accent"}>{t(saidOf(other), { who: other.who })}</Chip>
          ) : (
            <HintChip mention={mention} />
          )}
          <time dateTime={at} title={moment(at)} data-minute={minute}>
            {ago(at)}
          </time>
        </div>
        {selected ? (
          <Unfolded mention={mention} index={index} whole={whole} answering={answering} acts={acts} />
        ) : (
          <p class="inbox-line">
            <Lit pieces={lineOf(mention)} />
          </p>
        )}
      </div>
    </div>
  );
});

/** The state, as a sign and in words. */
function StatusMark({ mention }: { mention: Mention }) {
  const word = t(`inbox_status_${mention.status}`);
  if (mention.status === "replied" || mention.status === "done") {
    return (
      <span class="inbox-state" title={word}>
        {mention.status === "replied" ? <Icon icon={CornerUpLeft} /> : <span aria-hidden="true">✓</span>}
        <span class="visually-hidden">{word}. </span>
      </span>
    );
  }
  return (
    <span class={`inbox-dot ${mention.status}`} title={word}>
      <span class="visually-hidden">{word}. </span>
    </span>
  );
}

/** At most one hint a row: what matters most. */
const saidOf = ({ doing, own }: Presence) =>
  own ? "inbox_own_answers" : doing === "answering" ? "inbox_other_answers" : "inbox_other_looks";

function HintChip({ mention }: { mention: Mention }) {
  const later = mention.snoozed_until && Date.parse(mention.snoozed_until) > Date.now() ? mention.snoozed_until : null;
  if (mention.status === "spam") return <Chip>{t("inbox_status_spam")}</Chip>;
  if (later) return <Chip tone="warn">{t("inbox_snoozed", { at: moment(later) })}</Chip>;
  if (mention.answer && mention.answer.state !== "published") {
    const stuck = isStuck(mention);
    return <Chip tone={stuck ? "bad" : "accent"}>{t(stuck ? "inbox_answer_stuck" : "inbox_answer_going")}</Chip>;
  }
  if (mention.addressed === "direct") return <Chip tone="accent">{t("inbox_private")}</Chip>;
  if (mention.about_us === "probably_not") return <Chip tone="warn">{t("inbox_probably_not")}</Chip>;
  if (mention.intent) {
    const tone = mention.intent === "complaint" ? "bad" : mention.intent === "praise" ? "good" : "accent";
    return <Chip tone={tone}>{t(`inbox_intent_${mention.intent}`)}</Chip>;
  }
  return null;
}

function Lit({ pieces }: { pieces: Piece[] }): ComponentChildren {
  return pieces.map(({ text, lit }, index) => (lit ? <mark key={index}>{text}</mark> : text));
}

type UnfoldedProps = Pick<RowProps, "mention" | "index" | "whole" | "answering" | "acts">;

function Unfolded({ mention, index, whole, answering, acts }: UnfoldedProps) {
  const finished = ["done", "replied", "spam"].includes(mention.status);
  const more = acts.more(mention);
  return (
    <div class="inbox-more">
      {mention.title && (
        <p class="inbox-title" lang={mention.language || undefined}>
          <Lit pieces={piecesOf(mention, "title")} />
        </p>
      )}
      {mention.text && mention.text !== mention.title && (
        <p
          class={whole ? "inbox-text" : "inbox-text clamped"}
          lang={mention.language || undefined}
          onClick={() => acts.toggle(index)}
        >
          <Lit pieces={piecesOf(mention, "text")} />
        </p>
      )}
      {mention.status === "replied" && mention.replied_by && <Replied mention={mention} />}
      {mention.story_size > 1 && (
        <button type="button" class="btn ghost inbox-same" onClick={() => acts.sameStory(mention)}>
          {plural("inbox_same_story_see", mention.story_size - 1)}
        </button>
      )}
      {isStuck(mention) && (
        <div class="row wrap">
          <span>{t("inbox_answer_not_sent")}</span>
          <Button onClick={() => acts.seeAnswer(mention)}>{t("inbox_answer_see")}</Button>
        </div>
      )}
      {!answering && acts.hints(mention)}
      {whole && <Details mention={mention} />}
      {whole && !answering && acts.conversation(mention)}
      {whole && !answering && acts.team(mention)}
      {answering && acts.below(mention)}
      <div class="inbox-acts" hidden={answering}>
        <Button kind="primary" shortcut="r" onClick={() => acts.answer(mention)}>
          {t("inbox_answer")}
        </Button>
        <Button shortcut="o" onClick={() => acts.open(mention)}>
          {t("inbox_open")}
        </Button>
        {mention.about_us === "probably_not" ? (
          <Button onClick={() => acts.ours(mention)}>{t("inbox_about_us")}</Button>
        ) : (
          <Button shortcut="e" onClick={() => acts.done(mention)}>
            {t(finished ? "inbox_reopen" : "inbox_done")}
          </Button>
        )}
        {!finished && (
          <Button kind="ghost" shortcut="x" class="inbox-not-us" onClick={() => acts.notUs(mention)}>
            {t("inbox_not_us")}
          </Button>
        )}
        <span class="grow" />
        <Menu label={t("inbox_more")} items={more} class="btn ghost square">
          <Icon icon={Ellipsis} />
        </Menu>
      </div>
    </div>
  );
}

/** Who answered, when, and where the answer stands. */
function Replied({ mention: { replied_by, replied_at, reply_url } }: { mention: Mention }) {
  return (
    <p class="inbox-details small">
      <span>
        {t("inbox_replied_by", { by: replied_by, at: replied_at ? moment(replied_at) : "" })}{" "}
        {safeHref(reply_url) && (
          <a href={safeHref(reply_url)} target="_blank" rel="noopener noreferrer">
            {t("inbox_replied_see")}
          </a>
        )}
      </span>
    </p>
  );
}

/** What is behind Enter: when, by which keywords, and everywhere it stands. */
function Details({ mention }: { mention: Mention }) {
  const facts = [
    networkName(mention.network),
    moment(mention.published_at ?? mention.seen_at),
    mention.keywords.map(({ name }) => name).join(", "),
  ].filter(Boolean);
  return (
    <div class="inbox-details small">
      <p>{facts.join(" · ")}</p>
      {mention.places.length > 1 && (
        <ul>
          {mention.places.slice(0, 12).map(({ url }) => (
            <li class="cut" key={url}>
              <a href={safeHref(url)} target="_blank" rel="noopener noreferrer">
                {hostOf(url) || url}
              </a>{" "}
              <span class="faint">{pathOf(url)}</span>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

/** Feeds are not trusted: only the web's own addresses become links. */
export function safeHref(url: string): string | undefined {
  return /^https?:\/\//i.test(url) ? url : undefined;
}

function pathOf(url: string): string {
  try {
    const { pathname, search } = new URL(url);
    return pathname === "/" ? "" : decodeURIComponent(pathname) + search;
  } catch {
    return "";
  }
}
