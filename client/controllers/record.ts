/**
 * One record being filled in: its changes wait by place, are journalled at once, and leave as contributions. Nothing is
 * dropped before the server's receipt; a request whose answer was lost is sent again under the same contribution id.
 */
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { v7 as uuid } from 'uuid';
import type { Answers, Finding, Pointer } from '../../schemas/form.ts';
import type { Change, Conflict, FormRecord, RecordStatus, SaveReply, SaveRequest } from '../../schemas/http/api.ts';
import { Problem } from '../../schemas/problem.ts';
import { applyChanges, mergeChanges } from './changes.ts';
import type { Entry, Journal, Sent } from './draft.ts';

/** Which record, before and after it exists. */
export type RecordIdentity = Pick<SaveRequest, 'subjectId' | 'visitId' | 'lesionId' | 'subDataset' | 'standardVersion'> & { id: string };

export interface RecordOptions {
  identity: RecordIdentity;
  /** As the server has it; absent for a new one. */
  record?: FormRecord;
  /** Sends one save; `base` goes into `If-Match`. Throws a Problem, or anything else when there was no answer. */
  save(request: SaveRequest, base: number): Promise<SaveReply>;
  /** Reads the record anew, after somebody else has changed it. */
  load(): Promise<FormRecord>;
  journal: Journal;
  /** Milliseconds of rest before a draft saves itself. */
  idle?: number;
}

export type SavingState = 'clean' | 'unsaved' | 'manual' | 'saving' | 'saved' | 'offline' | 'signed-out' | 'conflict' | 'refused';

/** Pauses between attempts without a connection, in seconds; the last one repeats. */
const RETRIES = [2, 4, 8, 15, 30, 60];

export class RecordController implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #options: RecordOptions;
  #base = 0;
  #server: Answers = { data: {} };
  #pending: Change[] = [];
  #sent: Sent | undefined;
  #isSending = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #attempt = 0;

  /** What the form opens with; another object when the server had news, so that the form opens anew. */
  answers: Answers = { data: {} };
  status: RecordStatus = 'in-progress';
  state: SavingState = 'clean';
  /** When the server last gave a receipt, RFC 3339. */
  savedAt: string | undefined;
  /** Why the last save failed, when that was the server's decision. */
  problem: Problem | undefined;
  /** Places that somebody else changed too; each waits for `resolve`. */
  conflicts: readonly Conflict[] = [];
  /** What the server found when it refused to complete. */
  findings: readonly Finding[] = [];
  /** False when this device keeps nothing: then only the open page holds what is unsaved. */
  isJournalled = true;

  constructor(host: ReactiveControllerHost, options: RecordOptions) {
    this.#host = host;
    this.#options = options;
    host.addController(this);
    if (options.record) this.#take(options.record);
    this.#resume(options.journal.read(options.identity.id));
  }

  hostConnected(): void {
    addEventListener('online', this.#retryNow);
    if (this.#sent) void this.#send();
  }

  hostDisconnected(): void {
    removeEventListener('online', this.#retryNow);
    clearTimeout(this.#timer);
    void this.flush();
  }

  get version(): number {
    return this.#base;
  }

  /** True while anything is not with the server yet. */
  get isUnsaved(): boolean {
    return this.#pending.length > 0 || this.#sent !== undefined;
  }

  /** A change of the form: journalled now, saved after a rest. Only drafts save themselves; what is complete waits to be asked. */
  change(change: Change): void {
    this.#pending = mergeChanges(this.#pending, [change]);
    this.#write();
    this.#setState(this.#sent ? this.state : this.status === 'in-progress' ? 'unsaved' : 'manual');
    if (this.status === 'in-progress' && this.state === 'unsaved') this.#wait(this.#options.idle ?? 2000);
  }

  /** Saves a draft now if there is something to save: on leaving a field, before a camera, on closing. */
  async flush(): Promise<void> {
    if (this.status === 'in-progress' && this.conflicts.length === 0 && this.isUnsaved) await this.save(false);
  }

  /** Saves what there is; `complete` also when nothing changed. Resolves when there was an answer, or none. */
  async save(complete: boolean, reason?: string): Promise<void> {
    clearTimeout(this.#timer);
    if (this.#isSending || this.conflicts.length > 0) return;
    if (this.#sent) await this.#send(); // the earlier act first; its answer may change the base
    if (this.#sent || this.conflicts.length > 0 || (this.#pending.length === 0 && !complete)) return;
    const { id: _, ...identity } = this.#options.identity;
    const request: SaveRequest = { contribution: uuid(), ...identity, changes: this.#pending, status: complete ? 'complete' : 'in-progress', ...(reason ? { reason } : {}) };
    this.#sent = { base: this.#base, request };
    this.#pending = [];
    this.#write();
    await this.#send();
  }

  /** Decides one conflict; with the last one decided, what was kept is saved. */
  resolve(pointer: Pointer, keep: 'mine' | 'theirs'): void {
    this.conflicts = this.conflicts.filter((conflict) => conflict.pointer !== pointer);
    if (keep === 'theirs') this.#pending = this.#pending.filter((change) => change.pointer !== pointer);
    this.#write();
    if (this.conflicts.length > 0) return this.#setState('conflict');
    this.answers = applyChanges(this.#server, this.#pending);
    this.#setState(this.#pending.length > 0 ? 'unsaved' : 'saved');
    void this.save(false);
  }

  /** Lets the form open anew over all that was entered: what it is bound to has changed. */
  reopen(): void {
    this.answers = applyChanges(this.#server, mergeChanges(this.#sent?.request.changes ?? [], this.#pending));
    this.#host.requestUpdate();
  }

  /** After signing in again, or when the connection is back. */
  retry(): void {
    this.#retryNow();
  }

  #retryNow = (): void => {
    if (this.#sent && !this.#isSending) void this.#send();
    else if (!this.#sent) void this.flush();
  };

  #resume(entry: Entry | undefined): void {
    if (!entry) return;
    this.#sent = entry.sent;
    this.#pending = entry.changes;
    if (this.#sent && this.#base === 0) this.status = entry.status;
    this.answers = applyChanges(this.#server, mergeChanges(this.#sent?.request.changes ?? [], this.#pending));
    this.state = 'unsaved';
    if (this.status === 'in-progress') this.#wait(this.#options.idle ?? 2000);
  }

  async #send(): Promise<void> {
    const sent = this.#sent;
    if (!sent || this.#isSending) return;
    this.#isSending = true;
    this.#setState('saving');
    try {
      this.#received(sent, await this.#options.save(sent.request, sent.base));
    } catch (error) {
      await this.#failed(sent, error);
    } finally {
      this.#isSending = false;
    }
    if (this.state === 'saved' && this.#pending.length > 0) {
      this.#setState('unsaved');
      this.#wait(this.#options.idle ?? 2000);
    }
  }

  #received({ base, request }: Sent, reply: SaveReply): void {
    const isOurs = reply.version === base + 1;
    this.#server = { data: reply.data, missing: reply.missing, parked: reply.parked };
    this.#base = reply.version;
    this.status = reply.status;
    this.savedAt = reply.savedAt;
    this.#sent = undefined;
    this.#attempt = 0;
    this.problem = undefined;
    this.findings = request.status === 'complete' ? [] : this.findings;
    if (!isOurs) this.answers = applyChanges(this.#server, this.#pending); // somebody else's values came along
    this.#write();
    this.#setState('saved');
  }

  async #failed(sent: Sent, error: unknown): Promise<void> {
    const problem = error instanceof Problem ? error : undefined;
    if (problem?.key === 'not-signed-in') return this.#setState('signed-out'); // nothing was stored; the same act is sent again
    if (!problem || isPassing(problem)) return this.#again();
    // The server has decided: the act did not happen, so its changes wait again under those made since.
    this.#sent = undefined;
    this.#pending = mergeChanges(sent.request.changes, this.#pending);
    this.problem = problem;
    this.findings = problem.key === 'record-incomplete' ? listOf<Finding>(problem, 'findings') : [];
    this.#write();
    if (problem.key === 'record-conflict' || problem.key === 'record-version-conflict') await this.#meet(listOf<Conflict>(problem, 'conflicts'));
    else this.#setState('refused');
  }

  /** Somebody was faster: take what they have, and ask about the places that both changed. */
  async #meet(conflicts: readonly Conflict[]): Promise<void> {
    try {
      this.#take(await this.#options.load());
    } catch {
      return this.#again();
    }
    this.conflicts = conflicts;
    this.answers = applyChanges(this.#server, this.#pending);
    this.#write();
    this.#setState(conflicts.length > 0 ? 'conflict' : 'unsaved');
    if (conflicts.length === 0) this.#wait(0);
  }

  #again(): void {
    this.#setState('offline');
    this.#wait((RETRIES[Math.min(this.#attempt++, RETRIES.length - 1)] ?? 60) * 1000);
  }

  #take({ version, status, data, missing, parked, updatedAt }: FormRecord): void {
    this.#base = version;
    this.status = status;
    this.savedAt = updatedAt;
    this.#server = { data, missing, parked };
    this.answers = this.#server;
  }

  #wait(milliseconds: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#retryNow, milliseconds);
  }

  #write(): void {
    const { journal, identity } = this.#options;
    if (!this.isUnsaved) journal.remove(identity.id);
    else this.isJournalled = journal.write(identity.id, { base: this.#base, status: this.status, changes: this.#pending, ...(this.#sent ? { sent: this.#sent } : {}) });
  }

  #setState(state: SavingState): void {
    this.state = state;
    this.#host.requestUpdate();
  }
}

/** Trouble that passes by itself; the same request is sent again. */
const isPassing = ({ key }: Problem) => key === 'database-unavailable' || key === 'too-many-requests' || key === 'internal' || key === 'storage-full';

function listOf<T>({ extra }: Problem, member: string): readonly T[] {
  const list = extra?.[member];
  return Array.isArray(list) ? list as T[] : [];
}
