/** The second half of our script in pages: hands itself to the first (bring.ts). */
import { Acting } from "./acting";
import { place } from "./bring";

place.entregentActing = Acting;
