/** The part of our script for who visits a page on their round: hands itself to the first (bring.ts). */
import { place } from "../bring";
import { OnRound } from "./on_round";

place.entregentParts!.round = OnRound;
