/** A list picked on a page that has no feed: what page and background say to each other of it. */

/** One element on the way from the root of a page. `nth`: among its siblings of the same tag, from 1. */
export interface PickStep {
  tag: string;
  nth: number;
  id: string;
  classes: string[];
  attributes: Record<string, string>;
}

/** CSS selectors: `item` for each item, the others inside of one, "" = what is usual. */
export interface Recipe {
  item: string;
  title: string;
  link: string;
  date: string;
  author: string;
  text: string;
}

export interface PickPreview {
  /** The page's own title. */
  title: string;
  /** null: none was found, and `reasons` say why. */
  recipe: Recipe | null;
  count: number;
  /** The first of them. */
  titles: string[];
  /** In the person's language. */
  reasons: string[];
}
