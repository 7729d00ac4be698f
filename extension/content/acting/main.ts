/** The part of our script for who acts on a page: hands itself to the first (bring.ts). */
import { place } from "../bring";
import { Acting } from "./acting";

place.entregentParts!.acting = Acting;
