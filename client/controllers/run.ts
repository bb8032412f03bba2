/** A run of a protocol on the screen: read anew now and then, ticking in between by the server's clock, and changed one act at a time. */
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { v7 } from 'uuid';
import { Problem, problems } from '../../schemas/problem.ts';
import { readClock } from '../../schemas/protocol/clock.ts';
import type { ClockState } from '../../schemas/protocol/run.ts';
import type { Protocol, Run } from '../../schemas/http/protocol-api.ts';
import { beginRecord, getProtocol, getRun } from '../protocol-api.ts';
import { ConnectionError } from '../request.ts';
import { localTime } from './moment.ts';
import { openStamps, type Stamp, type Stamps } from './stamps.ts';

export interface RunIds {
  siteId: string;
  runId: string;
  /** Whose moments are kept on this device. */
  accountId: string;
}

/** Milliseconds between two readings; what others did shows within this time. */
const interval = 15_000;

export class RunController implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #ids: () => RunIds;
  /** Told of a clock that has come to warn or to pass its limit. */
  readonly #alarm: (clock: ClockState) => void;
  #offset = 0;
  #ticking: ReturnType<typeof setInterval> | undefined;
  #read = 0;
  #states = new Map<string, ClockState['state']>();
  #stopped = false;
  #kept: Stamps | undefined;
  run: Run | undefined;
  protocol: Protocol | undefined;
  /** Why there is nothing to show. */
  error: unknown;
  /** Why the last act, or the last reading, did not succeed. */
  failure: unknown;
  isBusy = false;

  constructor(host: ReactiveControllerHost, ids: () => RunIds, alarm: (clock: ClockState) => void) {
    this.#host = host;
    this.#ids = ids;
    this.#alarm = alarm;
    host.addController(this);
  }

  hostConnected(): void {
    this.#stopped = false;
    this.#ticking = setInterval(() => this.#tick(), 1000);
    document.addEventListener('visibilitychange', this.#seen);
  }

  hostDisconnected(): void {
    this.#stopped = true;
    clearInterval(this.#ticking);
    document.removeEventListener('visibilitychange', this.#seen);
  }

  async load(): Promise<void> {
    const { siteId, runId } = this.#ids();
    this.#read = Date.now();
    try {
      const run = await getRun(siteId, runId);
      this.protocol ??= await getProtocol(run.protocol, run.version);
      this.error = undefined;
      if (this.failure instanceof ConnectionError) this.failure = undefined;
      this.#take(run);
      await this.#sendStamps();
    } catch (error) {
      if (this.run) this.failure = error;
      else this.error = error;
    }
    this.#host.requestUpdate();
  }

  /** Does one thing; a second press while it is done does nothing. True when it succeeded. */
  async act(work: (ids: RunIds) => Promise<Run>): Promise<boolean> {
    if (this.isBusy) return false;
    this.isBusy = true;
    this.failure = undefined;
    this.#host.requestUpdate();
    try {
      this.#take(await work(this.#ids()));
      return true;
    } catch (error) {
      this.failure = error;
      // Somebody was faster, or something is missing: what stands there now says it best.
      if (error instanceof Problem) void this.load().then(() => { this.failure = error; this.#host.requestUpdate(); });
      return false;
    } finally {
      this.isBusy = false;
      this.#host.requestUpdate();
    }
  }

  /** Moments that are on this device only. */
  get stamps(): Stamp[] {
    return this.#stamps.list();
  }

  /** Records this moment: first here, then with the server. True when it is kept, whether or not the server could be reached. */
  async stamp(step: string, key: string, recordId: string): Promise<'stored' | 'kept' | 'refused'> {
    if (this.isBusy) return 'refused';
    const stamp = { contribution: v7(), recordId, step, key, at: this.now() };
    this.#stamps.add(stamp);
    const stored = await this.act(({ siteId, runId }) => send(siteId, runId, stamp));
    if (!stored && mayPass(this.failure)) return 'kept';
    this.#stamps.remove(stamp.contribution);
    this.#host.requestUpdate();
    return stored ? 'stored' : 'refused';
  }

  get #stamps(): Stamps {
    const { accountId, runId } = this.#ids();
    return (this.#kept ??= openStamps(accountId, runId));
  }

  /** What was taken without a connection goes out in the order in which it was taken. */
  async #sendStamps(): Promise<void> {
    for (const stamp of this.#stamps.list()) {
      // Something else is under way: the next reading sends them.
      if (this.isBusy) return;
      const stored = await this.act(({ siteId, runId }) => send(siteId, runId, stamp));
      if (!stored && mayPass(this.failure)) return;
      this.#stamps.remove(stamp.contribution);
    }
  }

  /** This moment by the server's clock, as a date-time with this device's offset. */
  now(): string {
    return localTime(new Date(Date.now() + this.#offset));
  }

  /** The clocks at this moment; of a closed run as they were. */
  get clocks(): ClockState[] {
    const { run } = this;
    if (!run) return [];
    const now = run.status === 'running' ? new Date(Date.now() + this.#offset).toISOString() : run.now;
    return run.state.clocks.map((clock) => readClock(clock, now));
  }

  /** Seconds into the present minute of a clock that runs. */
  secondsOf({ from }: ClockState): number {
    return from === undefined ? 0 : Math.max(0, Math.floor((Date.now() + this.#offset - Date.parse(withOffset(from))) / 1000) % 60);
  }

  #take(run: Run): void {
    if (this.#stopped) return;
    this.#offset = run.status === 'running' ? Date.parse(run.now) - Date.now() : 0;
    this.run = run;
    this.#watch();
  }

  #tick(): void {
    if (this.run?.status !== 'running' || document.visibilityState === 'hidden') return;
    const changed = this.#watch();
    // A limit that has passed is written down by the server when it is asked.
    if ((changed || Date.now() - this.#read >= interval) && !this.isBusy) void this.load();
    this.#host.requestUpdate();
  }

  /** Tells of clocks that have come to another state; true when one has. */
  #watch(): boolean {
    let changed = false;
    for (const clock of this.clocks) {
      const key = `${clock.id}/${clock.recordId ?? ''}`;
      const before = this.#states.get(key);
      this.#states.set(key, clock.state);
      if (before === undefined || before === clock.state) continue;
      changed = true;
      if (clock.state === 'warned' || clock.state === 'exceeded') this.#alarm(clock);
    }
    return changed;
  }

  readonly #seen = () => {
    if (document.visibilityState === 'visible' && this.run?.status === 'running') void this.load();
  };
}

const send = (siteId: string, runId: string, { key, at, ...stamp }: Stamp): Promise<Run> => beginRecord(siteId, runId, { ...stamp, moment: { key, at } });

/** No answer, or one that another try may not get: signed out, too many at once, a server in trouble. */
function mayPass(error: unknown): boolean {
  if (!(error instanceof Problem)) return true;
  const { status } = problems[error.key];
  return status >= 500 || status === 429 || status === 401;
}

/** A date-time without an offset is at +08:00, as everywhere. */
const withOffset = (text: string) => (/(Z|[+-]\d\d:\d\d)$/.test(text) ? text : `${text}+08:00`);
