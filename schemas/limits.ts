/** How large a document from outside may be, before anything reads it; and how deep, before anything walks it. */
import type { FieldError } from './problem.ts';

export const limits = { bytes: 1024 * 1024, depth: 32, nodes: 20_000, members: 10_000 } as const;

/** What is too much in a parsed document; the walk itself never goes deeper or on for longer than it may. */
export function documentExcess(document: unknown): FieldError[] {
  const left: { value: unknown; pointer: string; depth: number }[] = [{ value: document, pointer: '', depth: 1 }];
  for (let nodes = 0; ; nodes += 1) {
    const next = left.pop();
    if (!next) return [];
    if (nodes >= limits.nodes) return [{ pointer: '', detail: `Holds more than ${limits.nodes} values` }];
    const { value, pointer, depth } = next;
    if (typeof value !== 'object' || value === null) continue;
    if (depth > limits.depth) return [{ pointer: short(pointer), detail: `Is nested deeper than ${limits.depth} levels` }];
    const entries = Object.entries(value);
    if (entries.length > limits.members) return [{ pointer: short(pointer), detail: `Holds more than ${limits.members} members` }];
    for (const [key, each] of entries) {
      // Every object seems to have these already: `constructor`, `toString`, `__proto__` …
      if (key in Object.prototype || key === 'prototype') return [{ pointer: short(`${pointer}/${key}`), detail: 'Not a permitted name' }];
      left.push({ value: each, pointer: `${pointer}/${key}`, depth: depth + 1 });
    }
  }
}

function short(pointer: string): string {
  return pointer.length > 200 ? `${pointer.slice(0, 200)}…` : pointer;
}
