import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";

/** One subject of the day: a heading, a few words beside it, its rows. */
export function Card({ title, said, children }: { title: string; said?: string; children: ComponentChildren }) {
  const id = useId();
  return (
    <section class="today-card" aria-labelledby={id}>
      <header>
        <h2 id={id}>{title}</h2>
        {said && <span>{said}</span>}
      </header>
      {children}
    </section>
  );
}
