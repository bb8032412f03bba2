/** What a bench is, and what it gives back. */
import type { MachineFacts } from './machine.ts';

export interface BenchOptions {
  rounds: number | undefined;
  connections: number[] | undefined;
  counts: number[] | undefined;
  size: number[] | undefined;
  frames: number | undefined;
  keys: number | undefined;
  profile: string | undefined;
}

export type Cell = string | number | undefined;

/** One table: rows with the same columns, in the order of the first. */
export interface Section {
  title: string;
  rows: { [column: string]: Cell }[];
}

export interface Findings {
  /** Version of the database, of the browser: whatever else the figures depend on. */
  facts: { [name: string]: Cell };
  sections: Section[];
  /** What must be known to read the figures. */
  notes: string[];
}

export interface Report extends Findings {
  bench: string;
  when: string;
  machine: MachineFacts;
}

export type Bench = (options: BenchOptions, say: (line: string) => void) => Promise<Findings>;
