/** Changes of mentions that waited for the server are sent though no inbox is open; what it refuses waits to be read. */
import { sendWaiting } from "../app/inbox/sending";
import { getLocal } from "../shared/storage";
import type { Mention } from "../shared/types";
import { ask } from "./server";

let sending: Promise<void> | null = null;

export function sendLateChanges(): Promise<void> {
  sending ??= send()
    .catch(() => undefined)
    .finally(() => {
      sending = null;
    });
  return sending;
}

async function send(): Promise<void> {
  if (!(await getLocal("token"))) return;
  await sendWaiting(
    (path, body) => ask<Mention>("PATCH", path, { body }),
    undefined,
    () => undefined,
  );
}
