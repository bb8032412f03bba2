/** Who the patient is, in clear; reading it is written down by the server. */
import type { StandardSummary } from '../../../schemas/http/api.ts';
import { getIdentifiers } from '../../api.ts';
import type { Identity } from '../../elements/shell/patient-header.ts';
import { readIdentityForm } from '../enrol/identity-standard.ts';

export async function revealIdentity({ siteId, subjectId }: { siteId: string; subjectId: string }, standards: readonly StandardSummary[]): Promise<Identity> {
  const [form, values] = await Promise.all([readIdentityForm(standards), getIdentifiers(siteId, subjectId)]);
  return { form, values };
}
