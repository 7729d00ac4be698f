/**
 * Keeps a draft: on the server at each pause in typing, and in the browser at once, for the time until then and for when
 * the server is away. One request at a time, so that each takes the version the last one made.
 */
import { ApiError, type Client } from "../../shared/api";
import { keep, kept } from "../../shared/storage";
import { bodyOf, type Draft, isEmpty } from "./draft";
import type { Post, When } from "./types";

const PAUSE_MS = 700;

export type Saving = "" | "saving" | "saved" | "away";

interface Belt {
  draft: Draft;
  /** Of the post it was made from; 0 = not on the server yet. */
  version: number;
}

export class Saver {
  /** As the server has it. */
  post: Post | undefined;
  state: Saving = "";
  saved_at: Date | undefined;
  error: ApiError | undefined;

  private timer: ReturnType<typeof setTimeout> | undefined;
  private waiting: Draft | undefined;
  private queue: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly client: Client,
    private readonly brand_id: string,
    private readonly changed: () => void,
  ) {}

  private get belt(): string {
    return `compose.${this.brand_id}.${this.post?.id ?? "new"}`;
  }

  /** What the browser kept and the server does not have. */
  async unsaved(): Promise<Draft | undefined> {
    const found = await kept<Belt>(this.belt);
    return found && found.version === (this.post?.version ?? 0) && !isEmpty(found.draft) ? found.draft : undefined;
  }

  /** The draft changed: keep it here now, there after a pause. */
  touch(draft: Draft): void {
    void keep(this.belt, { draft, version: this.post?.version ?? 0 } satisfies Belt);
    this.waiting = draft;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.flush(), PAUSE_MS);
  }

  /** Save what waits, now. Never throws: `state` and `error` tell. */
  async flush(): Promise<void> {
    clearTimeout(this.timer);
    const draft = this.waiting;
    this.waiting = undefined;
    if (!draft || (!this.post && isEmpty(draft))) return void (await this.queue);
    this.queue = this.queue.then(() => this.save(draft));
    await this.queue;
  }

  /** Give it a time: from then on it is the worker's. Throws ApiError. */
  async send(draft: Draft, when: When): Promise<Post> {
    clearTimeout(this.timer);
    this.waiting = undefined;
    await this.queue;
    // The draft first: a repeated press then changes one post and cannot make two.
    if (!this.post) await this.write(draft);
    if (!this.post) throw new ApiError(0, "unreachable", "");
    const { id, version } = this.post;
    const old_belt = this.belt;
    try {
      this.post = await this.client.patch<Post>(`/posts/${id}`, { ...bodyOf(draft), schedule: when, version });
    } catch (error) {
      // The answer to an earlier press may have been lost on its way: then it is queued already.
      const current = error instanceof ApiError ? (error.extra.current as Post | undefined) : undefined;
      if (!current || current.deliveries.length === 0 || this.post.deliveries.length > 0) throw error;
      this.post = current;
    }
    void keep(old_belt, null);
    this.state = "";
    this.changed();
    return this.post;
  }

  /** Forget what the browser keeps. */
  forget(): void {
    clearTimeout(this.timer);
    this.waiting = undefined;
    void keep(this.belt, null);
  }

  private async save(draft: Draft): Promise<void> {
    this.state = "saving";
    this.changed();
    try {
      await this.write(draft);
      this.state = "saved";
      this.saved_at = new Date();
      this.error = undefined;
    } catch (error) {
      this.error = error instanceof ApiError ? error : new ApiError(0, "internal", String(error));
      this.state = "away";
    }
    this.changed();
  }

  private async write(draft: Draft): Promise<void> {
    const old_belt = this.belt;
    if (!this.post) {
      this.post = await this.client.post<Post>("/posts", { ...bodyOf(draft), schedule: null, brand_id: this.brand_id });
    } else {
      const { id, version } = this.post;
      this.post = await this.client.patch<Post>(`/posts/${id}`, { ...bodyOf(draft), version });
    }
    if (!this.waiting) void keep(old_belt, null);
  }
}
