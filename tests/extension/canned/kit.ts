/** The real words, looks, adapters and choice of the brand, for the background with canned answers. */
import { pageKit } from "../../../extension/background/page_kit";
import { verdictOn, whoseAccount } from "../../../extension/background/whose";

Object.assign(globalThis, { pageKit, verdictOn, whoseAccount });
