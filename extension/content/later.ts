/** A part of our script that comes when it is first needed, once; where it did not come, the next need asks again. */
import { checkOrphaned } from "./orphan";

export class Later<T> {
  readonly #bring: () => Promise<T>;
  readonly #failed: (error: unknown) => void;
  /** Null: nobody needed it yet. */
  coming: Promise<T> | null = null;
  /** Null: it is not there yet. */
  made: T | null = null;

  /** `failed`: it was to be used, and did not come. */
  constructor(bring: () => Promise<T>, failed: (error: unknown) => void) {
    this.#bring = bring;
    this.#failed = failed;
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

  /** `run` with it. */
  use(run: (made: T) => unknown): void {
    if (!checkOrphaned()) this.get().then(run, this.#failed);
  }
}
