/** What can be done with one source, each with its notice and its way back. */
import { ApiError, type Client } from "../../../shared/api";
import { t } from "../../../shared/i18n";
import type { Source } from "../../../shared/types";
import { toast, undoable } from "../../../shared/ui";
import type { Sources } from "./load";
import { nameOf } from "./shown";

export interface SourceActs {
  change: (source: Source, values: Partial<Pick<Source, "take" | "purpose" | "name">>) => Promise<void>;
  poll: (source: Source) => Promise<void>;
  find: (source: Source) => Promise<void>;
  remove: (source: Source) => Promise<void>;
  /** Rejects with ApiError, for the form. */
  access: (source: Source, values: AccessGiven) => Promise<void>;
  accounts: () => void;
}

/** What a source is read with beside its address; null takes away what is kept. */
export type AccessGiven =
  | { access: { username: string; password: string; headers: Record<string, string> } | null }
  | { secrets: Record<string, string> };

/** What will be there once the changes on their way are, by the source's id; never rejects. */
const changing = new Map<string, Promise<Source>>();

export function actsOn(client: Client, sources: Sources, accounts: () => void): SourceActs {
  const attempt = async (work: () => Promise<void>) => {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      toast(error.text);
      // Somebody else was quicker: what they made of it.
      if (error.status === 404 || error.status === 409) sources.reload();
    }
  };
  const path = ({ id }: Source) => `/sources/${id}`;
  return {
    change: (source, values) => {
      sources.put({ ...source, ...values });
      // Who chooses twice in a row changes what the first choice made.
      const before = changing.get(source.id) ?? Promise.resolve(source);
      const sent = before.then(({ version }) => client.patch<Source>(path(source), { ...values, version }));
      // What is refused is as it was.
      const after = sent.catch(() => before);
      changing.set(source.id, after);
      return attempt(async () => {
        try {
          await sent;
        } finally {
          const now = await after;
          if (changing.get(source.id) === after) {
            changing.delete(source.id);
            sources.put(now);
          }
        }
      });
    },
    poll: (source) =>
      attempt(async () => {
        sources.put(await client.post<Source>(`${path(source)}/poll`));
        toast(t("listening_polling", { name: nameOf(source) }));
      }),
    find: (source) =>
      attempt(async () => {
        const found = await client.post<Source>(`${path(source)}/find`);
        // One that was put away may have come back in its place.
        if (found.id !== source.id) sources.drop(source.id);
        sources.put(found);
        toast(t("listening_found_again", { name: nameOf(source) }));
      }),
    remove: (source) =>
      attempt(async () => {
        await client.del(path(source));
        sources.drop(source.id);
        undoable(
          t("listening_removed", { name: nameOf(source) }),
          () => void attempt(async () => sources.put(await client.post<Source>(`${path(source)}/restore`))),
        );
      }),
    access: async (source, values) => {
      sources.put(await client.patch<Source>(path(source), { ...values, version: source.version }));
      toast(t("sources_access_kept", { name: nameOf(source) }));
    },
    accounts,
  };
}
