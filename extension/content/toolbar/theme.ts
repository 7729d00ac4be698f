/** Light or dark: what the page shows where we draw, not what the system prefers. */

function luminance(color: string): number | null {
  const found = /^rgba?\(([^)]+)\)$/.exec(color);
  if (!found) return null;
  const [r = 0, g = 0, b = 0, a = 1] = found[1]!.split(/[,/\s]+/).map(Number);
  return a < 0.5 ? null : (0.2126 * r + 0.7152 * g + 0.0722 * b) / 255;
}

/** The theme around `element`: the first ground that is not see-through; a page without any is light. */
export function themeAt(element: Element): "light" | "dark" {
  for (let at: Element | null = element; at; at = at.parentElement) {
    const style = getComputedStyle(at);
    const light = luminance(style.backgroundColor);
    if (light !== null) return light < 0.45 ? "dark" : "light";
  }
  const scheme = getComputedStyle(document.documentElement).colorScheme;
  if (/dark/.test(scheme) && (!/light/.test(scheme) || matchMedia("(prefers-color-scheme: dark)").matches))
    return "dark";
  return "light";
}
