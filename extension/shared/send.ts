/** One typed request to the background. Used by content scripts and pages; the background answers in requests.ts. */
import { api } from "./browser";
import type { AnswerOf, Ask, Failure, Inquiry, Push, Reply, RequestName } from "./messages";

/** What the background refused, or that it could not be asked. `code` `reload` = the extension was updated under us. */
export class SendError extends Error {
  readonly code: string;
  readonly queued: boolean;

  constructor(failure: Failure) {
    super(failure.message);
    this.code = failure.code;
    this.queued = failure.queued;
  }
}

/** True once the extension was updated or removed under this page: take our things down and say "reload". */
export function isOrphaned(): boolean {
  return !api?.runtime?.id;
}

/** Ask the background. Rejects with SendError. */
export async function send<K extends RequestName>(name: K, ask: Ask<K>): Promise<AnswerOf<K>> {
  if (isOrphaned())
    throw new SendError({ code: "reload", message: "The extension was updated: reload this page.", queued: false });
  let reply: Reply<K> | undefined;
  try {
    reply = (await api.runtime.sendMessage({ request: name, ask })) as Reply<K> | undefined;
  } catch (error) {
    throw new SendError({ code: isOrphaned() ? "reload" : "unreachable", message: String(error), queued: false });
  }
  if (!reply)
    throw new SendError({ code: "unreachable", message: "The extension's background did not answer.", queued: false });
  if (!reply.ok) throw new SendError(reply.error);
  return reply.value;
}

/** Listen to what the background pushes. Returns how to stop. */
export function onPush(listener: (push: Push) => void): () => void {
  const heard = (message: unknown) => {
    if (message && typeof message === "object" && "push" in message) listener(message as Push);
    return undefined;
  };
  api.runtime.onMessage.addListener(heard);
  return () => api.runtime.onMessage.removeListener(heard);
}

/** Answer what the background asks of this page; a rejection is no answer. Returns how to stop. */
export function onInquiry(answer: (inquiry: Inquiry) => Promise<unknown>): () => void {
  const heard = (message: unknown, _sender: unknown, reply: (value: unknown) => void) => {
    if (!message || typeof message !== "object" || !("inquiry" in message)) return undefined;
    answer(message.inquiry as Inquiry).then(reply, () => reply(null));
    return true; // the answer comes later
  };
  api.runtime.onMessage.addListener(heard);
  return () => api.runtime.onMessage.removeListener(heard);
}
