/** The part of our script for who acts on a page: hands itself to the first (bring.ts). */
import { Acting } from "./acting";
import { place } from "./bring";

place.entregentParts!.acting = Acting;
