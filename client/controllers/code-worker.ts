/** Holds the code lists of this device and searches them beside the page: making one ready takes a tenth of a second that typing must not wait for. */
import { createCodeIndex, type CodeColumns, type CodeIndex } from '../../schemas/code-search.ts';
import type { FromWorker, ToWorker } from './code-messages.ts';
import { openCodeStore } from './code-store.ts';

interface List {
  /** Ends when it is known whether this device has the list. */
  stored: Promise<void>;
  index: CodeIndex | undefined;
  etag: string | undefined;
  askedAt: number;
}

/** How long a list is taken for the newest. */
const FRESH_MS = 600_000;

const lists = new Map<string, List>();
const store = openCodeStore();

self.onmessage = ({ data }: MessageEvent<ToWorker>) => void hear(data);

async function hear(message: ToWorker): Promise<void> {
  const list = listOf(message.ref);
  if (message.kind === 'open') return;
  await list.stored;
  const { index } = list;
  if (message.kind === 'search') say({ kind: 'answer', id: message.id, ...(index ? { page: index.search(message.query, { limit: message.limit }) } : {}) });
  else say({ kind: 'answer', id: message.id, ...(index ? { codes: message.codes.flatMap((code) => index.find(code) ?? []) } : {}) });
}

function listOf(ref: string): List {
  const known = lists.get(ref);
  if (known) {
    if (performance.now() - known.askedAt > FRESH_MS) void renew(ref, known);
    return known;
  }
  const list: List = { stored: Promise.resolve(), index: undefined, etag: undefined, askedAt: performance.now() };
  lists.set(ref, list);
  list.stored = fromDevice(ref, list);
  void list.stored.then(() => renew(ref, list));
  return list;
}

async function fromDevice(ref: string, list: List): Promise<void> {
  const kept = await store.read(ref);
  if (kept) take(list, kept.columns, kept.etag);
}

/** Without an answer, or signed out, what is here serves on. */
async function renew(ref: string, list: List): Promise<void> {
  list.askedAt = performance.now();
  const reply = await fetch(`/api/value-sets/${ref}/codes.json`, { credentials: 'same-origin', headers: list.etag === undefined ? {} : { 'If-None-Match': list.etag } }).catch(() => undefined);
  if (!reply?.ok) return;
  const columns = await reply.json().catch(() => undefined) as CodeColumns | undefined;
  if (!columns) return;
  const etag = reply.headers.get('ETag') ?? undefined;
  take(list, columns, etag);
  await store.write(ref, { columns, etag });
}

function take(list: List, columns: CodeColumns, etag: string | undefined): void {
  try {
    list.index = createCodeIndex(columns);
    list.etag = etag;
  } catch {
    list.index = undefined; // kept by an older page, in another shape: the server's list will come
  }
}

const say = (message: FromWorker) => self.postMessage(message);
