/** Small dialogs of the list: until when to put off, and who shall take it. Arrows move, digits choose. */
import type { ComponentChildren } from "preact";
import { useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import { language, t } from "../../shared/i18n";
import { Button, Dialog, Kbd } from "../../shared/ui";
import { resolveWall } from "../compose/wall";
import { type Member, takers } from "./team";
import { whenChoices, whenFirst } from "./when";

interface Choice {
  label: string;
  hint?: string;
  /** The one that has the focus first. */
  first?: boolean;
  run: () => void;
}

interface ChooserProps {
  title: string;
  choices: Choice[];
  onClose: () => void;
  children?: ComponentChildren;
}

function Chooser({ title, choices, onClose, children }: ChooserProps) {
  const list = useRef<HTMLUListElement>(null);
  useLayoutEffect(() => {
    const buttons = [...list.current!.querySelectorAll("button")];
    (buttons[choices.findIndex(({ first }) => first)] ?? buttons[0])?.focus();
  }, []);
  const move = (event: KeyboardEvent) => {
    if ((event.target as Element).tagName === "INPUT") return;
    const buttons = [...list.current!.querySelectorAll("button")];
    const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
    const step = { ArrowDown: 1, ArrowUp: -1, j: 1, k: -1 }[event.key];
    const digit = Number(event.key);
    if (step) buttons[(at + step + buttons.length) % buttons.length]?.focus();
    else if (digit > 0 && choices[digit - 1]) choices[digit - 1]!.run();
    else return;
    event.preventDefault();
  };
  return (
    <Dialog title={title} onClose={onClose}>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: keys of the buttons in it */}
      <div class="chooser" onKeyDown={move}>
        <ul ref={list}>
          {choices.map(({ label, hint, run }, at) => (
            <li key={label}>
              <button type="button" class="btn ghost" onClick={run}>
                <span class="grow">{label}</span>
                {hint && <span class="muted small">{hint}</span>}
                {at < 9 && <Kbd>{String(at + 1)}</Kbd>}
              </button>
            </li>
          ))}
        </ul>
        {children}
      </div>
    </Dialog>
  );
}

interface WhenProps {
  /** The brand's; "" = the reader's. */
  zone: string;
  onChoose: (until: Date) => void;
  onClose: () => void;
}

/** Until when? */
export function WhenDialog({ zone: given, onChoose, onClose }: WhenProps) {
  const id = useId();
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const zone = given || here;
  const [wall, setWall] = useState(() => whenFirst(zone));
  const [wrong, setWrong] = useState("");
  const choose = (until: Date) => {
    onClose();
    onChoose(until);
  };
  const choices = whenChoices(zone).map(({ name, until }) => ({
    label: t(`inbox_when_${name}`),
    hint: onTheWall(until, zone),
    first: name === "tomorrow",
    run: () => choose(until),
  }));
  return (
    <Chooser title={t("inbox_when_title")} choices={choices} onClose={onClose}>
      <form
        class="chooser-own"
        onSubmit={(event) => {
          event.preventDefault();
          const until = resolveWall(wall, zone)?.utc;
          if (!until || until.getTime() <= Date.now()) setWrong(t("inbox_when_past"));
          else choose(until);
        }}
      >
        <label for={id}>{t("inbox_when_own", { zone: zone.replaceAll("_", " ") })}</label>
        <div class="row">
          <input
            id={id}
            class="input"
            type="datetime-local"
            required
            value={wall}
            onInput={(event) => setWall(event.currentTarget.value)}
          />
          <Button kind="primary" type="submit">
            {t("inbox_when_do")}
          </Button>
        </div>
        {wrong && <p role="alert">{wrong}</p>}
      </form>
    </Chooser>
  );
}

/** Nine is nine where the brand is, wherever the one sits who chooses it. */
function onTheWall(until: Date, zone: string): string {
  const parts = { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" } as const;
  return new Intl.DateTimeFormat(language() === "fr" ? "fr" : "en-GB", { ...parts, timeZone: zone }).format(until);
}

interface WhoProps {
  members: Member[];
  onChoose: (member: Member | null) => void;
  onClose: () => void;
}

/** Who takes it? */
export function WhoDialog({ members, onChoose, onClose }: WhoProps) {
  const choose = (member: Member | null) => () => {
    onClose();
    onChoose(member);
  };
  const choices = [
    ...takers(members).map((member) => ({ label: member.name, run: choose(member) })),
    { label: t("inbox_nobody"), run: choose(null) },
  ];
  return <Chooser title={t("inbox_who_title")} choices={choices} onClose={onClose} />;
}
