/** What the server's thread and the database's thread say to each other. */
export type Request = { id: number } & (
  | { act: 'query'; text: string; values: readonly unknown[] }
  | { act: 'copy'; text: string }
  | { act: 'dump' }
  | { act: 'close' }
);

/** Given to the worker when it starts. `template` is a dump to begin from. */
export interface Start {
  folder: string | undefined;
  template: Uint8Array | undefined;
}

export type Reply =
  | { id: number; value: unknown }
  | { id: number; error: { message: string; fields: { [name: string]: unknown } } };
