/** Injected when the person asks to pick a list on this page; once at a time. */
import { fetchKit } from "../kit";
import { setLooks } from "../toolbar/host";
import { Picking } from "./picking";

const place = globalThis as { entregentPicking?: Picking | undefined };

void fetchKit().then(({ css }) => {
  setLooks(css);
  place.entregentPicking?.end();
  place.entregentPicking = new Picking();
}, console.warn);
