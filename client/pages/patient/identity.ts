/** Who the patient is, in clear; reading it is written down by the server. */
import { getIdentifiers, getIdentitySheet } from '../../api.ts';
import type { Identity } from '../../elements/shell/patient-header.ts';

export async function revealIdentity({ siteId, subjectId }: { siteId: string; subjectId: string }): Promise<Identity> {
  const [{ form }, values] = await Promise.all([getIdentitySheet(), getIdentifiers(siteId, subjectId)]);
  return { form, values };
}
