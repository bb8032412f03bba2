/** Rows of repeats: drawn, and mended cell by cell like any other answer. */
import type { Finding, Form, Item, Row, Value } from '../../schemas/form.ts';
import type { Answered } from './answers.ts';
import { drawAnswer, type Draw } from './draw.ts';

/** Newly drawn rows; cells that logic then switches off are parked by the evaluation. */
export function drawRows(draw: Draw, repeat: Item, count: number, optional: number): Row[] {
  return Array.from({ length: count }, (_, index) => {
    const row: Row = { rowId: draw.random.uuid(rowMoment + index) };
    for (const column of typedColumns(repeat)) {
      if (!column.required && !draw.random.chance(optional)) continue;
      const value = drawAnswer(draw, column);
      if (value !== undefined) row[column.key] = value;
    }
    return row;
  });
}

/** Rows need ids that sort, not ids of today. */
const rowMoment = Date.UTC(2026, 0, 1);

function typedColumns(repeat: Item): Item[] {
  return (repeat.items ?? []).filter(({ calculate }) => calculate === undefined);
}

/** Cells of a row that a finding blames: its own, and what the row's rule reads. */
export function cellsToBlame(form: Form, { pointer, rule }: Finding): { repeat: Item; rowId: string; columns: Item[] } | undefined {
  const [, key = '', rowId, column] = pointer.split('/');
  const repeat = form.items.find((item) => item.key === key && item.type === 'repeat');
  if (!repeat || rowId === undefined) return undefined;
  const reads = (repeat.checks ?? []).filter(({ id }) => id === rule).flatMap(({ assert }) => assert.reads);
  const calculated = (repeat.items ?? []).find((each) => each.key === column)?.calculate?.reads ?? [];
  const keys = new Set([column, ...[...reads, ...calculated].map((path) => path.split('/').at(-1))]);
  return { repeat, rowId, columns: typedColumns(repeat).filter((each) => keys.has(each.key)) };
}

/** Draws the cells again, or leaves them out with a reason where one must be given. */
export function mendCells(draw: Draw, { data, missing }: Answered, blamed: NonNullable<ReturnType<typeof cellsToBlame>>, again: boolean, reason: () => string): void {
  const { repeat, rowId, columns } = blamed;
  const rows = (data[repeat.key] ?? []) as readonly Row[];
  data[repeat.key] = rows.map((row) => {
    if (row.rowId !== rowId) return row;
    const next: Row = { ...row };
    for (const column of columns) {
      const pointer = `/${repeat.key}/${rowId}/${column.key}`;
      const value: Value | undefined = again ? drawAnswer(draw, column) : undefined;
      delete missing[pointer];
      delete next[column.key];
      if (value !== undefined) next[column.key] = value;
      else if (column.required) missing[pointer] = reason();
    }
    return next;
  });
}
