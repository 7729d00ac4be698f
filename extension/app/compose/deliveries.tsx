import type { IconNode } from "lucide";
import { Check, CircleAlert, CircleHelp, CircleX, Clock, ExternalLink, Hourglass, LoaderCircle, Minus } from "lucide";
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { ApiError, type Client } from "../../shared/api";
import { clock, errorText, hasMessage, moment, t } from "../../shared/i18n";
import type { DeliveryState } from "../../shared/types";
import { Button, Icon, Input, toast, undoable } from "../../shared/ui";
import { safeHref } from "../inbox/row";
import { networkName } from "../inbox/who";
import type { Account, Delivery, When } from "./types";
import { nextHour, wallOf } from "./wall";
import { Said, WallFields } from "./when";

const ICONS: Record<DeliveryState, IconNode> = {
  scheduled: Clock,
  leased: LoaderCircle,
  prepared: LoaderCircle,
  armed: LoaderCircle,
  published: Check,
  rejected: CircleX,
  retry_wait: Hourglass,
  uncertain: CircleHelp,
  held: CircleAlert,
  needs_you: CircleAlert,
  handed_over: ExternalLink,
  dropped: Minus,
};

const TONES: Partial<Record<DeliveryState, string>> = {
  published: "good",
  rejected: "bad",
  retry_wait: "warn",
  uncertain: "warn",
  held: "warn",
  needs_you: "warn",
};

/** Still on its way: worth looking at again soon. */
export function isMoving(delivery: Delivery): boolean {
  return ["leased", "prepared", "armed", "retry_wait", "uncertain"].includes(delivery.state) || isDue(delivery);
}

function isDue({ state, due_at }: Delivery): boolean {
  return state === "scheduled" && Date.parse(due_at) < Date.now() + 5_000;
}

interface DeliveriesProps {
  client: Client;
  deliveries: Delivery[];
  accounts: Account[];
  zone: string;
  here: boolean;
  /** The person may publish. */
  editor: boolean;
  onChanged: () => void;
}

/** Where a post goes, and how far it is on each way. */
export function Deliveries(props: DeliveriesProps) {
  return (
    <ul class="compose-deliveries" aria-label={t("compose_deliveries")}>
      {props.deliveries.map((delivery) => (
        <DeliveryRow key={delivery.id} delivery={delivery} {...props} />
      ))}
    </ul>
  );
}

function DeliveryRow({ delivery, ...props }: DeliveriesProps & { delivery: Delivery }) {
  const { accounts, zone, editor } = props;
  const account = accounts.find(({ id }) => id === delivery.account_id);
  const href = safeHref(delivery.remote_url);
  const moving = ["leased", "prepared", "armed"].includes(delivery.state) || isDue(delivery);
  return (
    <li class={`compose-delivery ${TONES[delivery.state] ?? ""}`} data-state={delivery.state}>
      <Icon icon={isDue(delivery) ? LoaderCircle : ICONS[delivery.state]} class={moving ? "compose-turning" : ""} />
      <div class="grow">
        <p>
          <b>{networkName(delivery.network)}</b> <span class="muted">{account?.handle}</span>
        </p>
        <p class="compose-state" role="status">
          {stateWords(delivery, zone)}
        </p>
        {delivery.error && ["rejected", "retry_wait", "needs_you"].includes(delivery.state) && (
          <p class="small muted">{problemWords(delivery)}</p>
        )}
        {editor && <Acts delivery={delivery} {...props} />}
      </div>
      {delivery.state === "published" && href && (
        <a class="btn" href={href} target="_blank" rel="noopener noreferrer">
          {t("compose_see_it")}
        </a>
      )}
    </li>
  );
}

/** What is going on, in words. */
export function stateWords(delivery: Delivery, zone: string): string {
  if (isDue(delivery)) return t("compose_state_leased");
  const at = { scheduled: delivery.due_at, held: delivery.due_at, published: delivery.published_at }[
    delivery.state as string
  ];
  if (delivery.state === "needs_you" && delivery.error?.code === "unauthorized") return t("compose_state_locked_out");
  const next = delivery.next_try_at ? clock(delivery.next_try_at, zone) : "";
  return t(`compose_state_${delivery.state}`, { at: at ? moment(at, zone) : "", next });
}

/** Why, in the reader's language where we know the code; the network's own words besides. */
function problemWords({ error }: Delivery): string {
  if (!error) return "";
  const key = `delivery_${error.code}`;
  if (!hasMessage(key)) return error.message || errorText(error.code);
  return error.message ? `${t(key)} (${error.message})` : t(key);
}

type Act = "publish" | "resend" | "drop" | "confirm" | "move";

function Acts({
  delivery,
  client,
  zone,
  here,
  onChanged,
}: Omit<DeliveriesProps, "deliveries"> & { delivery: Delivery }) {
  const [open, setOpen] = useState<"" | "move" | "confirm">("");
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState<Record<string, string>>({});
  const act = async (name: Act, body: unknown = {}) => {
    setBusy(true);
    setWrong({});
    try {
      await client.post(`/deliveries/${delivery.id}/${name}`, body);
      setOpen("");
      if (name === "drop") offerBack(client, delivery, onChanged);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (Object.keys(error.fields).length > 0) setWrong(wordsOf(error));
      else toast(error.text);
    } finally {
      setBusy(false);
      onChanged();
    }
  };
  const drop = (
    <Button kind="ghost" busy={busy} onClick={() => void act("drop")}>
      {t("compose_drop")}
    </Button>
  );
  const move = (
    <Button aria-expanded={open === "move"} onClick={() => setOpen(open === "move" ? "" : "move")}>
      {t("compose_move")}
    </Button>
  );
  const now = (
    <Button busy={busy} onClick={() => void act("publish")}>
      {t("compose_publish_now")}
    </Button>
  );
  const buttons: Partial<Record<DeliveryState, ComponentChildren>> = {
    scheduled: isDue(delivery) ? null : [now, move, drop],
    retry_wait: [
      <Button key="now" busy={busy} onClick={() => void act("publish")}>
        {t("compose_try_now")}
      </Button>,
      move,
      drop,
    ],
    held: [
      <Button key="now" kind="primary" busy={busy} onClick={() => void act("publish")}>
        {t("compose_publish_now")}
      </Button>,
      move,
      drop,
    ],
    rejected: [
      <Button key="again" busy={busy} onClick={() => void act("resend")}>
        {t("compose_send_again")}
      </Button>,
      drop,
    ],
    needs_you: [
      <Button key="there" kind="primary" aria-expanded={open === "confirm"} onClick={() => setOpen("confirm")}>
        {t("compose_it_is_there")}
      </Button>,
      <Button key="again" busy={busy} onClick={() => void act("resend")}>
        {t("compose_not_there")}
      </Button>,
      drop,
    ],
    handed_over: [
      <Button key="there" kind="primary" aria-expanded={open === "confirm"} onClick={() => setOpen("confirm")}>
        {t("compose_it_is_there")}
      </Button>,
      drop,
    ],
  };
  const shown = buttons[delivery.state];
  if (!shown) return null;
  return (
    <div class="stack compose-acts">
      <div class="row wrap">{shown}</div>
      {open === "confirm" && <Confirm busy={busy} wrong={wrong.url} onSay={(url) => void act("confirm", { url })} />}
      {open === "move" && (
        <Move
          zone={zone}
          here={here}
          busy={busy}
          wrong={wrong}
          start={Date.parse(delivery.due_at) > Date.now() ? wallOf(new Date(delivery.due_at), zone) : nextHour(zone)}
          onMove={(schedule) => void act("move", { schedule })}
        />
      )}
    </div>
  );
}

/** What was given up can be taken back for a while: it stands again for its old time. */
function offerBack(client: Client, delivery: Delivery, onChanged: () => void): void {
  undoable(t("compose_dropped"), () => {
    void client
      .post(`/deliveries/${delivery.id}/restore`)
      .then(onChanged, (error) => toast(error instanceof ApiError ? error.text : t("error_internal")));
  });
}

function Confirm({ busy, wrong, onSay }: { busy: boolean; wrong: string | undefined; onSay: (url: string) => void }) {
  const [url, setUrl] = useState("");
  return (
    <form
      class="row"
      onSubmit={(event) => {
        event.preventDefault();
        onSay(url.trim());
      }}
    >
      <div class="grow">
        <Input
          label={t("compose_its_address")}
          type="url"
          value={url}
          placeholder="https://"
          required
          wrong={wrong}
          onText={setUrl}
        />
      </div>
      <Button kind="primary" type="submit" busy={busy}>
        {t("compose_confirm")}
      </Button>
    </form>
  );
}

interface MoveProps {
  zone: string;
  here: boolean;
  busy: boolean;
  wrong: Record<string, string>;
  start: string;
  onMove: (schedule: When) => void;
}

function Move({ zone, here, busy, wrong, start, onMove }: MoveProps) {
  const [wall, setWall] = useState({ at: start, zone });
  const [day = "", time = ""] = wall.at.split("T");
  return (
    <form
      class="stack"
      onSubmit={(event) => {
        event.preventDefault();
        onMove({ when: "at", ...wall });
      }}
    >
      <WallFields
        day={day}
        time={time}
        zone={wall.zone}
        brand_zone={zone}
        wrong={wrong}
        onSet={(part) => setWall({ at: `${part.day ?? day}T${part.time ?? time}`, zone: part.zone ?? wall.zone })}
      />
      <Said at={wall.at} zone={wall.zone} here={here} />
      <div class="row">
        <Button kind="primary" type="submit" busy={busy}>
          {t("compose_move_do")}
        </Button>
      </div>
    </form>
  );
}

/** The API's fields, in our words: it answers in English. */
export function wordsOf(error: ApiError): Record<string, string> {
  const words: Record<string, string> = {};
  for (const field of Object.keys(error.fields)) {
    if (field.endsWith("schedule.at") || field === "at") {
      words["schedule.at"] = t(error.code === "in_the_past" ? "compose_passed" : "compose_wrong_time");
    } else if (field.endsWith("zone")) words["schedule.zone"] = t("compose_wrong_zone");
    else if (field === "url") words.url = t("compose_wrong_address");
    else if (field === "targets") words.targets = t("compose_wrong_targets");
    else if (field.endsWith("text")) words[field] = t("compose_wrong_text");
    else if (field.endsWith("media")) words.media = t("compose_wrong_media");
    else words[field] = error.textOf(field);
  }
  return words;
}
