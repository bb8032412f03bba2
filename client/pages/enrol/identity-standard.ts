/** The standard that says who a patient is. The server takes the same one for its identifiers (`standards/matching.json`). */
import type { Form } from '../../../schemas/form.ts';
import type { StandardSummary } from '../../../schemas/http/api.ts';
import type { StructureCheck } from '../../../schemas/prepare.ts';
import { Problem } from '../../../schemas/problem.ts';
import { getForm, getStructureCheck, listStandards } from '../../api.ts';

const identityStandard = 'patient-basic-info';

/** @throws Problem `standard-not-found` when the release has none */
function versionIn(standards: readonly StandardSummary[]): string {
  const summary = standards.find(({ subDataset }) => subDataset === identityStandard);
  if (!summary) throw new Problem('standard-not-found');
  return summary.version;
}

/** Its form in the version of the release; `standards` where they are at hand already. */
export async function readIdentityForm(standards?: readonly StandardSummary[], signal?: AbortSignal): Promise<Form> {
  return getForm(identityStandard, versionIn(standards ?? (await listStandards(signal))), signal);
}

/** Its form, and the check of what is typed. */
export async function readIdentitySheet(signal?: AbortSignal): Promise<{ form: Form; check: StructureCheck }> {
  const version = versionIn(await listStandards(signal));
  const [form, check] = await Promise.all([getForm(identityStandard, version, signal), getStructureCheck(identityStandard, version)]);
  return { form, check };
}
