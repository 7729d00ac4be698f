/**
 * What a page's script needs besides code: words of one language, looks, and what is known of its site. Kept here once
 * instead of in every page, so that the script stays small however many sites and languages there are.
 */

import composing from "text:../content/composing/composing.css";
import looks from "text:../content/toolbar/toolbar.css";
import tokens from "text:../shared/tokens.css";
import words from "virtual:messages/toolbar_,time_,notice_not_public,error_forbidden,error_internal,error_invalid,error_not_found,error_link_,error_blocked,error_timeout,error_too_large,error_no_page,error_http_error,error_not_web_address,error_queue_full,error_queued,error_rate,error_reload,error_unauthorized,error_unavailable,error_unreachable";
import type { PageKit } from "../shared/messages";
import { sitesAt } from "../sites";
import type { Site } from "../sites/types";

/**
 * The variables stand on the host: what is inside takes them over as they are, where each of some hundred posts would
 * compute all of them for itself. Important, so that no rule of the page sets them there, and under names of our own,
 * since a page may say of a name (`@property`) what it is and that nobody takes it over.
 */
const variables = tokens
  .replace(/:root,\s*:host/g, ":host")
  .replace(/color-scheme: light dark;/, "") // of what is inside, by the page around it
  .replace(/(--[\w-]+: [^;}]+)(?:;|(?=\s*\}))/g, "$1 !important;");
const css = (variables + looks + composing).replace(/--(?=[a-z])/g, "--entregent-");

/** `known`: all adapters there are (served.ts); without, those that came with us. */
export function pageKit(host: string, language: "en" | "fr", known?: readonly Site[]): Omit<PageKit, "kept"> {
  return { language, words: words[language]!, css, sites: sitesAt(host, known) };
}
