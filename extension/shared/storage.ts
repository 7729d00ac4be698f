/**
 * What is kept, by name and type. `local` survives everything, `session` the worker's sleep but not the browser's end.
 * Works in the extension only; the app in a plain tab keeps its drafts in localStorage (`keep`, `kept`).
 */
import { api, inExtension } from "./browser";

export interface Local {
  /** Base address of the server, without a slash at its end. */
  server: string;
  token: string;
  /** The brand in use; "" = the first. */
  brand_id: string;
  /** "" = the browser's. */
  language: "" | "en" | "fr";
  hidden_hosts: string[];
  hidden_for_ever: boolean;
  /** Notifications of alerts in this browser. */
  notices: boolean;
  /** The list of networks was opened once. */
  networks_seen: boolean;
  /** In the panel of suggestions: the keys that choose, one sign each, and the one that searches. */
  panel_keys: { choose: string; search: string };
  /** A button at pictures, on all sites; and those where it is the other way round. */
  pictures: boolean;
  picture_hosts: string[];
}

const DEFAULTS: Local = {
  server: "http://127.0.0.1:8377",
  token: "",
  brand_id: "",
  language: "",
  hidden_hosts: [],
  hidden_for_ever: false,
  notices: false,
  networks_seen: false,
  panel_keys: { choose: "123456789", search: "/" },
  pictures: false,
  picture_hosts: [],
};

/** One of the settings above. */
export async function getLocal<K extends keyof Local>(name: K): Promise<Local[K]> {
  const found = await api.storage.local.get(name);
  return (found[name] as Local[K] | undefined) ?? DEFAULTS[name];
}

export async function setLocal(values: Partial<Local>): Promise<void> {
  await api.storage.local.set(values);
}

/** Anything else that outlives a page: a draft, a position. JSON values. */
export async function keep(name: string, value: unknown): Promise<void> {
  if (inExtension) await api.storage.local.set({ [`kept.${name}`]: value });
  else if (value === undefined || value === null) localStorage.removeItem(`entregent.${name}`);
  else localStorage.setItem(`entregent.${name}`, JSON.stringify(value));
}

export async function kept<T>(name: string): Promise<T | undefined> {
  if (inExtension) return (await api.storage.local.get(`kept.${name}`))[`kept.${name}`] as T | undefined;
  const text = localStorage.getItem(`entregent.${name}`);
  if (text === null) return undefined;
  try {
    return JSON.parse(text) as T;
  } catch {
    return undefined;
  }
}
