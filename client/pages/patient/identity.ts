/** Who the patient is, in clear; reading it is written down by the server. */
import type { StandardSummary } from '../../../schemas/http/api.ts';
import { getForm, getIdentifiers } from '../../api.ts';
import type { Identity } from '../../elements/shell/patient-header.ts';

export async function revealIdentity({ siteId, subjectId }: { siteId: string; subjectId: string }, standards: readonly StandardSummary[]): Promise<Identity> {
  const { version = '1.0.0' } = standards.find(({ subDataset }) => subDataset === 'patient-basic-info') ?? {};
  const [form, values] = await Promise.all([getForm('patient-basic-info', version), getIdentifiers(siteId, subjectId)]);
  return { form, values };
}
