/** Light, dark, or as the system says. Kept in this browser; applied before the first drawing. */
import { keep, kept } from "../../shared/storage";

export type Theme = "" | "light" | "dark";

export async function storedTheme(): Promise<Theme> {
  return (await kept<Theme>("theme")) ?? "";
}

export async function useStoredTheme(): Promise<void> {
  show(await storedTheme());
}

export async function chooseTheme(theme: Theme): Promise<void> {
  show(theme);
  await keep("theme", theme || null);
}

function show(theme: Theme): void {
  document.documentElement.style.colorScheme = theme || "";
  document.documentElement.dataset.theme = theme;
}
