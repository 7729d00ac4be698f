/** The real words, looks and adapters, for the background with canned answers. */
import { pageKit } from "../../../extension/background/page_kit";

Object.assign(globalThis, { pageKit });
