import { RotateCw, TriangleAlert } from "lucide";
import type { Client } from "../../shared/api";
import { ago, plural, t } from "../../shared/i18n";
import { Button, FinalButton, Icon } from "../../shared/ui";
import type { Message } from "./types";
import { said } from "./words";

/** Newest first; those behind them come up as these are dealt with. */
const SHOWN = 50;

interface DeadLettersProps {
  messages: Message[];
  editor: boolean;
  client: Client;
  act: (work: () => Promise<unknown>, said?: string) => Promise<void>;
}

/** What did not arrive and is not tried any more by itself. Nothing is shown where there is none. */
export function DeadLetters({ messages, editor, client, act }: DeadLettersProps) {
  if (messages.length === 0) return null;
  const all = (what: "resend" | "drop") => async () => {
    for (const { id } of messages) await client.post(`/messages/${id}/${what}`);
  };
  return (
    <section class="card alerts-dead">
      <h2 class="row">
        <Icon icon={TriangleAlert} /> {plural("alerts_dead", messages.length)}
      </h2>
      <ul>
        {messages.slice(0, SHOWN).map((message) => {
          const failed = message.sends.filter(({ state }) => state === "dead");
          return (
            <li key={message.id} class="alerts-row">
              <div class="grow">
                <p class="row">
                  <b class="cut">{message.title}</b> <span class="small muted">{ago(message.created_at)}</span>
                </p>
                {failed.map((send) => (
                  <p key={send.id} class="muted alerts-why">
                    {[send.channel_name, send.recipient].filter(Boolean).join(", ")}: {said(send.error_code)}
                  </p>
                ))}
              </div>
              {editor && (
                <span class="row">
                  <Button
                    icon={RotateCw}
                    onClick={() => void act(() => client.post(`/messages/${message.id}/resend`), t("alerts_resent"))}
                  >
                    {t("alerts_resend")}
                  </Button>
                  <Button kind="ghost" onClick={() => void act(() => client.post(`/messages/${message.id}/drop`))}>
                    {t("alerts_drop")}
                  </Button>
                </span>
              )}
            </li>
          );
        })}
      </ul>
      {editor && messages.length > 1 && (
        <div class="row wrap">
          <Button onClick={() => void act(all("resend"), t("alerts_resent"))}>{t("alerts_resend_all")}</Button>
          <FinalButton question={t("alerts_drop_sure")} onSure={() => void act(all("drop"))}>
            {t("alerts_drop_all")}
          </FinalButton>
        </div>
      )}
    </section>
  );
}
