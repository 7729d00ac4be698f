import type { Client } from "../../shared/api";
import { ago, t } from "../../shared/i18n";
import type { Brand, Page } from "../../shared/types";
import { useLoad } from "../../shared/ui";
import type { Message, Send } from "./types";

const SHOWN = 20;

/** What was said last, and whether it arrived: folded, read when it is opened. */
export function Latest({ client, brand, turn }: { client: Client; brand: Brand; turn: unknown }) {
  const messages = useLoad(
    async () => (await client.get<Page<Message>>("/messages", { brand_id: brand.id, limit: SHOWN })).items,
    [client, brand.id, turn],
  );
  if (!messages.value || messages.value.length === 0) return null;
  return (
    <details class="alerts-latest">
      <summary>
        <h2>{t("alerts_latest")}</h2>
      </summary>
      <ul class="card alerts-list">
        {messages.value.map((message) => (
          <li key={message.id}>
            <p class="row">
              <bdi class="cut">{message.title}</bdi>{" "}
              <span class="small muted alerts-ago">{ago(message.created_at)}</span>
            </p>
            {message.body && (
              <p class="small muted alerts-body" dir="auto">
                {message.body}
              </p>
            )}
            <p class="small muted">{message.sends.map(sendWords).join(" · ") || t("alerts_nowhere")}</p>
          </li>
        ))}
      </ul>
    </details>
  );
}

function sendWords(send: Send): string {
  const name = send.channel_kind === "browser" ? t("channel_kind_browser") : send.channel_name;
  return `${[name, send.recipient].filter(Boolean).join(", ")}: ${t(`alerts_send_${send.state}`)}`;
}
