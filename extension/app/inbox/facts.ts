/** What a list of mentions is shown with: the brand's accounts and keywords, who works here, how its places do. */
import type { Client } from "../../shared/api";
import type { Keyword, Me, Page, Status } from "../../shared/types";
import { type Loaded, useLoad } from "../../shared/ui";
import type { AnsweringAccount } from "./answer";
import { getOrLast } from "./last";
import type { MentionStore } from "./store";
import { type Member, teamOf, type WrittenMember } from "./team";

export interface Facts {
  accounts: Loaded<AnsweringAccount[]>;
  keywords: Loaded<Keyword[]>;
  /** `me`: which of them is the one who looks. */
  members: Loaded<{ items: Member[]; me: string }>;
  status: Loaded<Status>;
  /** Read again what these changes are about; all where nobody knows. */
  heard: (kinds: string[], any: boolean) => void;
}

export function useFacts(client: Client, brand_id: string, store: MentionStore): Facts {
  const accounts = useLoad(() => readAccounts(client, brand_id), [store]);
  const keywords = useLoad(() => readKeywords(client, brand_id), [store]);
  const members = useLoad(() => readMembers(client, brand_id), [store]);
  const status = useLoad(() => client.get<Status>("/status", { brand_id }), [store]);
  const heard = (kinds: string[], any: boolean) => {
    const about_keywords = any || kinds.some((kind) => kind.startsWith("keyword."));
    // A keyword's own searches come and go with it.
    if (about_keywords || kinds.includes("source.changed")) status.reload();
    if (any || kinds.includes("account.changed")) accounts.reload();
    if (about_keywords) keywords.reload();
  };
  return { accounts, keywords, members, status, heard };
}

export async function readAccounts(client: Client, brand_id: string): Promise<AnsweringAccount[]> {
  return (await getOrLast<Page<AnsweringAccount>>(client, "/accounts", { brand_id, limit: 200 })).items;
}

async function readKeywords(client: Client, brand_id: string): Promise<Keyword[]> {
  const items: Keyword[] = [];
  let cursor: string | null = null;
  do {
    const asked = { brand_id, limit: 200, ...(cursor && { cursor }) };
    const page: Page<Keyword> = await getOrLast<Page<Keyword>>(client, "/keywords", asked);
    items.push(...page.items);
    cursor = page.next_cursor;
  } while (cursor);
  return items;
}

async function readMembers(client: Client, brand_id: string): Promise<{ items: Member[]; me: string }> {
  const [{ items }, { member }] = await Promise.all([
    getOrLast<{ items: WrittenMember[] }>(client, "/members"),
    getOrLast<Me>(client, "/me"),
  ]);
  return { items: teamOf(items, brand_id), me: member?.id ?? "" };
}
