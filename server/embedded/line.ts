/** First come, first served: whose turn it is with the one backend. */
import { DatabaseError } from '../engine.ts';

export class Line {
  readonly #patience: number;
  #last: Promise<void> = Promise.resolve();
  #entered = 0;

  /** `patience` is how many milliseconds one waits before giving up. */
  constructor(patience: number) {
    this.#patience = patience;
  }

  /** How many have come so far. */
  get entered(): number {
    return this.#entered;
  }

  /** Resolves when it is one's turn; call what it gives to let the next one in. */
  async enter(): Promise<() => void> {
    this.#entered += 1;
    const before = this.#last;
    let leave: () => void = () => {};
    const mine = new Promise<void>((resolve) => (leave = resolve));
    this.#last = before.then(() => mine);
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new DatabaseError('The embedded database was busy for too long', { code: '53300' })), this.#patience);
    });
    try {
      await Promise.race([before, late]);
      return leave;
    } catch (error) {
      leave();
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }
}
