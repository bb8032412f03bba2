/** Changes by place: kept as the last one for each, and laid over what the server has. Pure. */
import type { Answers, Missing, Pointer, Value } from '../../schemas/form.ts';
import type { Change } from '../../schemas/http/api.ts';
import { getAt, removeAt, setAt } from '../../schemas/pointer.ts';

/** Later changes over earlier ones, one for each place, in the order in which the places were first changed. */
export function mergeChanges(...batches: readonly (readonly Change[])[]): Change[] {
  const byPointer = new Map<Pointer, Change>();
  for (const change of batches.flat()) {
    if (isRemovedRow(change)) for (const inner of [...byPointer.keys()]) if (inner.startsWith(`${change.pointer}/`)) byPointer.delete(inner);
    byPointer.set(change.pointer, change);
  }
  return [...byPointer.values()];
}

/** Answers with the changes entered: a value takes the place of a reason and of a parked value, a reason that of a value. */
export function applyChanges(answers: Answers, changes: readonly Change[]): Answers {
  let { data } = answers;
  const missing: Missing = { ...answers.missing };
  const parked: { [pointer: Pointer]: Value } = { ...answers.parked };
  for (const { pointer, value, missing: reason } of changes) {
    const isRow = depthOf(pointer) === 2;
    if (value !== undefined) data = setAt(data, pointer, value);
    else if (getAt(data, pointer) !== undefined) data = removeAt(data, pointer);
    for (const places of [missing, parked]) {
      delete places[pointer];
      if (isRow && value === undefined) for (const inner of Object.keys(places)) if (inner.startsWith(`${pointer}/`)) delete places[inner];
    }
    if (reason !== undefined) missing[pointer] = reason;
  }
  return { data, missing, parked };
}

const depthOf = (pointer: Pointer) => pointer.split('/').length - 1;
const isRemovedRow = ({ pointer, value, missing }: Change) => depthOf(pointer) === 2 && value === undefined && missing === undefined;
