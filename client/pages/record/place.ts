/** Where a form is started from: what its address says, and what it therefore knows already. */
import type { Form } from '../../../schemas/form.ts';
import type { Change } from '../../../schemas/http/api.ts';
import { initialValues } from '../../../schemas/initial.ts';
import type { RecordPlace } from '../../api.ts';
import type { RecordIdentity } from '../../controllers/record.ts';

/** From `?start=melanoma-staging@1.0.0&visit=…&lesion=…`. */
export function startIn(query: URLSearchParams): RecordPlace | undefined {
  const [subDataset, version] = (query.get('start') ?? '').split('@');
  if (!subDataset || !version) return undefined;
  const [visitId, lesionId] = [query.get('visit'), query.get('lesion')];
  return { subDataset, version, ...(visitId ? { visitId } : {}), ...(lesionId ? { lesionId } : {}) };
}

/** The civil date, and the person signed in. */
export interface Start {
  today: string;
  personId: string | undefined;
}

/** What a new form knows from where it was started: the lesion that it is about, who is signed in, what day it is. */
export function givenChanges({ form, identity }: { form: Form; identity: RecordIdentity }, { today, personId }: Start): Change[] {
  const initial = initialValues(form.items, { today, ...(personId === undefined ? {} : { bound: { 'person.id': personId } }) });
  const initials = Object.entries(initial).map(([key, value]): Change => ({ pointer: `/${key}`, value }));
  const item = form.items.find(({ type, refersTo, bind }) => type === 'reference' && refersTo === 'lesion' && !bind);
  return [...initials, ...(item && identity.lesionId ? [{ pointer: `/${item.key}`, value: identity.lesionId }] : [])];
}
