/** The way from the root of the page to an element, as the server takes it: it looks for the same in its own copy. */
import type { PickStep } from "../../shared/picking";

/** Longer ways the server refuses; so does it other names of tags. */
const MOST_STEPS = 100;
const TAG = /^[a-z][a-z0-9-]{0,59}$/;
/** Written by hand, so they are in the copy too. Values of others may be the person's own. */
const TELLING = [
  "itemprop",
  "itemtype",
  "data-testid",
  "data-test",
  "data-qa",
  "data-component",
  "property",
  "rel",
  "role",
];

/** What was clicked, or what it stands in: a letter of a drawing is no part of a list. */
export function sayable(element: Element): Element | null {
  const at = element.closest("svg, math")?.parentElement ?? element;
  for (let one: Element | null = at; one; one = one.parentElement) if (!TAG.test(one.localName)) return null;
  return at;
}

/** Empty where there is none that could be said. */
export function wayTo(element: Element): PickStep[] {
  const way: PickStep[] = [];
  for (let one: Element | null = sayable(element); one; one = one.parentElement) way.unshift(stepOf(one));
  return way.length <= MOST_STEPS && way[0]?.tag === "html" ? way : [];
}

function stepOf(element: Element): PickStep {
  let nth = 1;
  for (let one = element.previousElementSibling; one; one = one.previousElementSibling)
    if (one.localName === element.localName) nth++;
  const attributes = TELLING.map((name) => [name, element.getAttribute(name)] as const).filter(
    (pair): pair is readonly [string, string] => Boolean(pair[1]) && pair[1]!.length <= 500,
  );
  return {
    tag: element.localName,
    nth,
    id: element.id.slice(0, 200),
    classes: [...element.classList].filter((name) => name.length <= 200).slice(0, 60),
    attributes: Object.fromEntries(attributes),
  };
}
