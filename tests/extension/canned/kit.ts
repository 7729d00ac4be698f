/** The real words, looks, adapters and choice of the brand, for the background with canned answers. */
import { validAdapter } from "../../../extension/background/adapters";
import { pageKit } from "../../../extension/background/page_kit";
import { verdictOn, whoseAccount } from "../../../extension/background/whose";
import { merged } from "../../../extension/sites/merged";

Object.assign(globalThis, { merged, pageKit, validAdapter, verdictOn, whoseAccount });
