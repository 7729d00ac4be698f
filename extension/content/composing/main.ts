/** The part of our script for who writes in a box of a page: hands itself to the first (bring.ts). */
import { place } from "../bring";
import { ComposerBar } from "./composer";
import "./icons";

place.entregentParts!.composing = ComposerBar;
