/** What the person asked for, tried once, with words where it went wrong. */
import { errorText } from "../../shared/i18n";
import { SendError } from "../../shared/send";
import { checkOrphaned } from "../orphan";
import { showNotice } from "./notice";

/** For what was asked for and did not come. */
export const sayWhyNot = (error: unknown): void => void attempt(() => Promise.reject(error));

/** Run what the person asked for and say in words what went wrong. False when it did not work and is not queued. */
export async function attempt(run: () => Promise<unknown>): Promise<boolean> {
  try {
    await run();
    return true;
  } catch (error) {
    if (checkOrphaned(error)) return false;
    const { code, message, queued } =
      error instanceof SendError ? error : { code: "internal", message: String(error), queued: false };
    showNotice({ text: errorText(queued ? "queued" : code, message) });
    return queued;
  }
}
