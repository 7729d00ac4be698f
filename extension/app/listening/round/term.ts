/** A query of ours in the words of other networks. */

/** What other networks can look for, of a query of ours: its first alternative, without signs and exclusions. */
export function termOf(query: string): string {
  const first = query.split(/\s(?:OR|OU)\s/)[0]!;
  const kept = first.replace(/(^|\s)-("[^"]*"|\S+)/g, " ").replace(/\w+:(?=\S)/g, " ");
  return kept.replace(/["()]/g, " ").replace(/\s+/g, " ").trim().slice(0, 200);
}
