/** How wide the bar is at each level: drawn once out of sight, for one set of words. */
import { language } from "../../shared/i18n";
import { type Acts, drawBar, type Level, type View } from "./bar";
import { makeHost, pageRoot } from "./host";

const known = new Map<string, Record<Level, number>>();
const nobody: Acts = { answer() {}, save() {}, more() {}, connect() {} };

export function widthsOf(view: View): Record<Level, number> {
  const { brand, handle, whose, reachable, paired } = view.state;
  const { mention, saving } = view;
  const key = JSON.stringify([
    language(),
    brand?.name,
    handle,
    whose,
    reachable,
    paired,
    mention?.status,
    mention?.replied_by,
    mention?.assigned_to,
    mention !== null,
    saving,
  ]);
  const found = known.get(key);
  if (found) return found;
  const host = makeHost("over");
  host.body.classList.add("measuring");
  const bars = (["full", "words", "icons"] as const).map((level) => [level, drawBar(view, nobody, level)] as const);
  for (const [, bar] of bars) host.body.append(bar);
  pageRoot().append(host.node);
  const widths = Object.fromEntries(bars.map(([level, bar]) => [level, bar.offsetWidth])) as Record<Level, number>;
  host.node.remove();
  known.set(key, widths);
  return widths;
}
