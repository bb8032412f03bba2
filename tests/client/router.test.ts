import { describe, expect, test } from 'vitest';
import { paths, to, toNewRecord } from '../../client/places.ts';
import { matchPath } from '../../client/router.ts';
import { startIn } from '../../client/pages/record/place.ts';

const at = (path: string) => matchPath(paths, new URL(path, 'http://localhost'));

describe('an address', () => {
  test.for([
    { path: '/', name: 'home', params: {} },
    { path: '/setup', name: 'setUp', params: {} },
    { path: '/sites/s1/patients', name: 'patients', params: { siteId: 's1' } },
    { path: '/sites/s1/patients/', name: 'patients', params: { siteId: 's1' } },
    { path: '/sites/s1/patients/enrol', name: 'enrol', params: { siteId: 's1' } },
    { path: '/sites/s1/patients/p1', name: 'patient', params: { siteId: 's1', subjectId: 'p1' } },
    { path: '/sites/s1/patients/p1/records/r1', name: 'record', params: { siteId: 's1', subjectId: 'p1', recordId: 'r1' } },
    { path: '/standards/melanoma-staging/1.0.0', name: 'standard', params: { subDataset: 'melanoma-staging', version: '1.0.0' } },
  ])('$path is the page $name', ({ path, name, params }) => {
    expect(at(path)).toMatchObject({ name, params });
  });

  test.for(['/sites', '/sites/s1', '/nowhere', '/sites/%E0%A4%A/patients', '/people/1/2'])('%s is no page', (path) => {
    expect(at(path)).toBeUndefined();
  });

  test('leads back to the page it was made for', () => {
    const params = { siteId: 's 1', subjectId: 'p/1', recordId: 'r1' };
    expect(at(to('record', params))).toMatchObject({ name: 'record', params });
  });

  test('of a new form says what is started', () => {
    const place = at(toNewRecord({ siteId: 's1', subjectId: 'p1', recordId: 'r1' }, { subDataset: 'melanoma-staging', version: '1.0.0', lesionId: 'l1' }));
    expect(place?.name).toBe('record');
    expect(startIn(place?.query ?? new URLSearchParams())).toEqual({ subDataset: 'melanoma-staging', version: '1.0.0', lesionId: 'l1' });
  });

  test('of a record starts nothing', () => {
    expect(startIn(new URLSearchParams('start=broken'))).toBeUndefined();
  });
});
