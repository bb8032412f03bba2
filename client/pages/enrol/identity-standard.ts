/** What may be known of a patient, as a form that can be typed into. The server makes it of all standards of the release. */
import type { Form } from '../../../schemas/form.ts';
import type { StructureCheck } from '../../../schemas/prepare.ts';
import { getIdentityCheck, getIdentitySheet } from '../../api.ts';

export interface IdentityForm {
  form: Form;
  check: StructureCheck;
  /** Keys asked when somebody is enrolled. */
  enrol: readonly string[];
}

export async function readIdentityForm(signal?: AbortSignal): Promise<IdentityForm> {
  const [{ form, enrol }, check] = await Promise.all([getIdentitySheet(signal), getIdentityCheck()]);
  return { form, check, enrol };
}
