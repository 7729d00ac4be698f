/** Whose account is logged in on a page: the brands decide by their handles. Pure; client.ts asks and remembers. */

import type { CountRules } from "../shared/counting";
import { nameOf, namesIn, networkName, sameAccount } from "../shared/handles";
import type { OfPage, PageState, Verdict } from "../shared/messages";

/** An account that was connected, or said to be a brand's, in this browser. */
export interface KnownAccount {
  brand_id: string;
  network: string;
  handle: string;
  /** Of a connected one: its server, and how texts are counted there. */
  server?: string;
  counting?: CountRules;
}

export interface Holder {
  id: string;
  name: string;
  /** network → names, several between commas */
  handles: Record<string, string>;
}

export interface Whose {
  whose: PageState["whose"];
  /** The brand that this page works for; "" while nobody can tell which. */
  brand_id: string;
  /** All brands that have this account. */
  among: string[];
}

/** All names of a brand on one network. */
export function namesOf(brand: Holder, network: string, known: readonly KnownAccount[]): string[] {
  const wanted = networkName(network);
  const typed = Object.entries(brand.handles).filter(([name]) => networkName(name) === wanted);
  const connected = known.filter((one) => one.brand_id === brand.id && networkName(one.network) === wanted);
  return [...typed.flatMap(([, names]) => namesIn(names)), ...connected.map(({ handle }) => handle)];
}

/**
 * The account logged in chooses the brand. Where several brands have it (an agency and its client): the one of `chosen`
 * that comes first among them, else nobody can tell. Where none has it, or the page does not say: the first chosen.
 */
export function whoseAccount(
  { host, network, account }: OfPage,
  brands: readonly Holder[],
  known: readonly KnownAccount[],
  chosen: readonly string[],
): Whose {
  const first = chosen.find((id) => brands.some((brand) => brand.id === id)) ?? brands[0]?.id ?? "";
  const name = networkName(network);
  const said = nameOf(account, name);
  if (!said.user) return { whose: "unread", brand_id: first, among: [] };
  const sure = brands.map((brand) => {
    const all = namesOf(brand, network, known).map((one) => sameAccount(said, nameOf(one, name), host));
    return { id: brand.id, sure: Math.max(0, ...all) };
  });
  const best = Math.max(0, ...sure.map((one) => one.sure));
  if (best === 0) return { whose: "other", brand_id: first, among: [] };
  const among = sure.filter((one) => one.sure === best).map(({ id }) => id);
  const id = among.length === 1 ? among[0]! : (chosen.find((one) => among.includes(one)) ?? "");
  return { whose: id ? "ours" : "shared", brand_id: id, among };
}

/** What must be asked first. `settled`: the brand that the person named for this page in this tab, "" = none yet. */
export function verdictOn(
  page: OfPage,
  reply_brand_id: string,
  brands: readonly Holder[],
  known: readonly KnownAccount[],
  settled: string,
): Verdict {
  const { whose, among } = whoseAccount(page, brands, known, []);
  const named = (id: string) => brands.find((brand) => brand.id === id)?.name ?? "";
  const verdict = (ask: Verdict["ask"]) => ({
    ask,
    reply_brand: named(reply_brand_id),
    account_brand: ask === "foreign" ? among.map(named).join(", ") : "",
  });
  if (whose === "other") return verdict("other");
  if (whose === "unread") return verdict(brands.length > 1 && settled !== reply_brand_id ? "unread" : "no");
  return verdict(among.includes(reply_brand_id) ? "no" : "foreign");
}
