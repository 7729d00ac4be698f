/** The networks with addresses of their own, for the list in which the person ticks where the toolbar shall stand. */
import { api } from "../shared/browser";
import type { Network } from "../shared/messages";
import { sitesNow } from "./served";

/** `languages` as the browser gives them: hosts of other countries are not asked for. */
export async function listNetworks(languages: readonly string[]): Promise<Network[]> {
  const countries = countriesOf(languages);
  const { origins = [] } = await api.permissions.getAll();
  const networks = (await sitesNow()).filter(({ hosts, tier }) => hosts.length > 0 && tier !== "taught");
  return networks
    .map(({ id, name, tier, hosts, composer_only }) => {
      const near = hosts.filter((host) => isOf(host, countries));
      const patterns = (near.length > 0 ? near : hosts).map((host) => `https://${host}/*`);
      const on = patterns.every((pattern) => origins.includes(pattern));
      return { id, name, tier, boxes_only: composer_only === true, patterns, on };
    })
    .sort((one, other) => one.name.localeCompare(other.name));
}

/** `["fr-CH", "en"]` → fr, ch, en; "en-GB" means "uk" in addresses. */
function countriesOf(languages: readonly string[]): Set<string> {
  const codes = languages.flatMap((one) => one.toLowerCase().split("-"));
  return new Set(codes.map((code) => (code === "gb" ? "uk" : code)));
}

/** An address of no country, or of one of these: `www.google.fr`, `fr.tripadvisor.be`, but `bsky.app`, `x.com`. */
function isOf(host: string, countries: ReadonlySet<string>): boolean {
  const end = host.split(".").at(-1)!;
  return end.length > 2 || countries.has(end);
}
