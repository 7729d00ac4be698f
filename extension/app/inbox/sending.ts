/** Sending changes of mentions: one at once, and what waited, in order. Knows no list: the background sends too. */
import { ApiError } from "../../shared/api";
import type { Mention } from "../../shared/types";
import type { Fields } from "./fields";
import { alone, type Base, baseOf, canWait, clashOf, leaveToPerson, oldest, same, settle, tell } from "./queue";

const TELL_EVERY = 25;

export type Patch = (path: string, body: unknown) => Promise<Mention>;

/** `merged`: somebody else changed the mention too, and ours came on top. `theirs`: both changed the same. */
export interface Sent {
  outcome: "saved" | "merged" | "theirs" | "failed";
  now?: Mention;
  error?: ApiError;
}

/** One change of one mention, on top of what others did meanwhile unless they touched the same. Never rejects. */
export async function sendChange(
  patch: Patch,
  before: Base,
  fields: Fields,
  act: string,
  version = before.version,
): Promise<Sent> {
  const path = `/mentions/${encodeURIComponent(before.id)}`;
  try {
    return { outcome: "saved", now: await patch(path, { ...fields, version, act }) };
  } catch (error) {
    const refused = asApiError(error);
    const current = refused.status === 409 ? (refused.extra.current as Mention | undefined) : undefined;
    if (!current) return { outcome: "failed", error: refused };
    const names = Object.keys(fields) as (keyof Fields)[];
    if (names.every((name) => same(current[name], fields[name]))) return { outcome: "saved", now: current };
    if (clashOf(before, fields, baseOf(current)).length > 0) return { outcome: "theirs", now: current };
    const again = await sendChange(patch, baseOf(current), fields, act);
    return again.outcome === "saved" ? { ...again, outcome: "merged" } : again;
  }
}

export interface Late extends Sent {
  before: Base;
  fields: Fields;
}

/**
 * What waited for the server, oldest first, until there is nothing more or the server cannot take it: then why. What it
 * refuses, and where somebody changed the same, stays until a person has seen it.
 */
export async function sendWaiting(
  patch: Patch,
  brand_id: string | undefined,
  onLate: (late: Late) => void,
): Promise<ApiError | undefined> {
  for (let n = 0; ; n++) {
    // The lock is given back after each, so that nobody waits long who takes one back.
    const sent = await alone(async () => {
      const one = await oldest(brand_id);
      if (!one) return "done";
      const result = await sendChange(patch, one.before, one.fields, one.act);
      const { error, now } = result;
      if (error && canWait(error)) return error;
      if (result.outcome === "theirs" && now) await leaveToPerson(one, { theirs: baseOf(now) });
      else if (error) await leaveToPerson(one, { refused: { code: error.code, message: error.message } });
      else await settle(one, result.now);
      return { ...result, before: one.before, fields: one.fields };
    }).catch(() => "done" as const); // Nothing can be kept here, so nothing waits.
    const ends = sent === "done" || sent instanceof ApiError;
    if (n > 0 && (ends || n % TELL_EVERY === 0)) tell();
    if (ends) return sent === "done" ? undefined : sent;
    onLate(sent);
  }
}

export function asApiError(error: unknown): ApiError {
  return error instanceof ApiError ? error : new ApiError(0, "internal", String(error));
}
