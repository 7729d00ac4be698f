/** The part of our script for who checks or teaches a page: hands itself to the first (bring.ts). */
import { place } from "../bring";
import { Teaching } from "./teaching";

place.entregentParts!.teaching = Teaching;
