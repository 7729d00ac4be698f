/** The part of our script for pages with something to draw on: hands itself to the first (bring.ts). */
import { place } from "../bring";
import { useKit } from "../kit";
import { listenAhead } from "../toolbar/keys";
import { Drawing } from "./drawing";
import { dress } from "./dress";

useKit(dress);
listenAhead();
place.entregentParts!.drawing = Drawing;
