/** Which of a page's images are pictures that somebody may want: not faces, icons, or what only this page has. */

const SMALLEST = 120; // px

export function isPicture(image: HTMLImageElement): boolean {
  const { width, height } = image.getBoundingClientRect();
  return width >= SMALLEST && height >= SMALLEST && /^https?:/.test(addressOf(image));
}

export const addressOf = ({ currentSrc, src }: HTMLImageElement): string => currentSrc || src;

/** The first picture of a post. */
export function pictureIn(post: Element): HTMLImageElement | null {
  return [...post.querySelectorAll("img")].find(isPicture) ?? null;
}
