/** What a record of a step takes over when it is begun: values of other steps, and the pictures that were taken for it. */
import type { Value } from '../form.ts';
import type { PreparedProtocol } from './prepare.ts';
import type { PictureState, RunFacts } from './run.ts';

/** Values by element, only those that are known; whoever fills in the form may change them. The newest picture is the one that was retaken. */
export function carriedOver({ protocol, ask }: PreparedProtocol, stepId: string, facts: RunFacts, pictures: readonly PictureState[]): { [key: string]: Value } {
  const step = protocol.steps.find(({ id }) => id === stepId);
  const values: { [key: string]: Value } = {};
  for (const { key, value } of step?.carries ?? []) {
    const known = ask(value)(facts);
    if (known !== undefined) values[key] = known as Value;
  }
  for (const task of step?.tasks ?? []) {
    if (task.kind !== 'picture' || task.fills === undefined) continue;
    const image = pictures.find(({ id }) => id === task.id)?.images.at(-1);
    if (image !== undefined) values[task.fills] = image;
  }
  return values;
}
