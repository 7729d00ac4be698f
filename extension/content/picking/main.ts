/** Injected when the person asks to pick a list on this page; once at a time. */
import { dress } from "../drawing/dress";
import { fetchKit } from "../kit";
import { Picking } from "./picking";

const place = globalThis as { entregentPicking?: Picking | undefined };

void fetchKit().then((kit) => {
  dress(kit);
  place.entregentPicking?.end();
  place.entregentPicking = new Picking();
}, console.warn);
