/** The part of our script for pictures: hands itself to the first (bring.ts). */
import { place } from "../bring";
import { PictureButton } from "./pictures";

place.entregentParts!.pictures = PictureButton;
