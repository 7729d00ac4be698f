/**
 * Brings further parts of our script into this page when they are first needed there: `drawing` when there is a post to
 * draw on or a box to write in; with it, `acting` when the person acts, `composing` when they write in a box, `teaching`
 * when they check what we read of the page, or teach it, `round` when they visit it on their round, `pictures` where the
 * button at pictures is switched on. The background injects a part; the parts meet in the content scripts' own world,
 * which no page sees.
 */
import type { PagePart } from "../shared/messages";
import { send } from "../shared/send";
import type { Acting } from "./acting/acting";
import type { ComposerBar } from "./composing/composer";
import type { Drawing } from "./drawing/drawing";
import type { PictureButton } from "./pictures/pictures";
import type { OnRound } from "./round/on_round";
import type { Teaching } from "./teaching/teaching";

interface Parts {
  drawing: typeof Drawing;
  acting: typeof Acting;
  composing: typeof ComposerBar;
  teaching: typeof Teaching;
  round: typeof OnRound;
  pictures: typeof PictureButton;
}

/** Where a part leaves itself. */
export const place = globalThis as { entregentParts?: Partial<Parts> };
place.entregentParts ??= {};

const coming: { [P in PagePart]?: Promise<Parts[P]> } = {};

/** Rejects with SendError, as any request; asked again, it tries again. */
export function bring<P extends PagePart>(part: P): Promise<Parts[P]> {
  const there = (coming[part] as Promise<Parts[P]> | undefined) ?? fetchPart(part);
  (coming as Record<string, unknown>)[part] = there;
  there.catch(() => delete coming[part]);
  return there;
}

async function fetchPart<P extends PagePart>(part: P): Promise<Parts[P]> {
  await send("page.bring", { part });
  const come = place.entregentParts?.[part];
  if (!come) throw new Error(`${part} did not come`);
  return come as Parts[P];
}
