/** A part of our script that comes when it is first needed, once; where it did not come, the next need asks again. */
import { attempt } from "./attempt";
import { checkOrphaned } from "./orphan";

export class Later<T> {
  readonly #bring: () => Promise<T>;
  /** Null: nobody needed it yet. */
  coming: Promise<T> | null = null;
  /** Null: it is not there yet. */
  made: T | null = null;

  constructor(bring: () => Promise<T>) {
    this.#bring = bring;
  }

  /** Rejects where it does not come. */
  async get(): Promise<T> {
    this.coming ??= this.#bring();
    try {
      this.made = await this.coming;
    } catch (error) {
      this.coming = null;
      throw error;
    }
    return this.made;
  }

  /** `run` with it; the person is told where it does not come. */
  use(run: (made: T) => unknown): void {
    if (!checkOrphaned()) this.get().then(run, (error) => attempt(() => Promise.reject(error)));
  }
}
