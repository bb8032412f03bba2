/** Who saw what identifies a patient: asked for when the dialog opens, and page after page. */
import { afterEach, expect, test, vi } from 'vitest';
import type { Subject } from '../../../schemas/http/api.ts';
import type { Access } from '../../../schemas/http/history-api.ts';
import { CrfAccesses } from '../../../client/pages/patient/accesses.ts';

const access = (id: string, more: Partial<Access>): Access => ({ id, at: '2026-03-01T02:00:00Z', accountId: id, action: 'image.read', ...more });
const pages: { [after: string]: { items: Access[]; next?: string } } = {
  '': { items: [access('2', { by: '张敏', action: 'subject.read-identifiers', paths: ['patientName', 'telephone'] }), access('1', { action: 'export.run' })], next: '1' },
  1: { items: [access('0', { by: '王医生' })] },
};

afterEach(() => {
  document.querySelector('crf-accesses')?.remove();
  vi.unstubAllGlobals();
});

test('shows when, who and what, and more by a press', async () => {
  const asked: string[] = [];
  vi.stubGlobal('fetch', async (path: string) => {
    asked.push(path);
    return new Response(JSON.stringify(pages[new URL(path, location.href).searchParams.get('after') ?? '']), { headers: { 'Content-Type': 'application/json' } });
  });
  const dialog = new CrfAccesses();
  dialog.subject = { siteId: 's', id: 'p' } as Subject;
  document.body.append(dialog);
  await dialog.updateComplete;
  expect(asked).toEqual([]);
  dialog.open = true;
  const rows = () => [...(dialog.shadowRoot?.querySelectorAll('tbody tr') ?? [])].map((row) => row.textContent.replace(/\s+/g, ' ').trim());
  await expect.poll(rows).toHaveLength(2);
  expect(rows()[0]).toMatch(/张敏.*patientName · telephone$/);
  dialog.shadowRoot?.querySelector<HTMLButtonElement>('button.button')?.click();
  await expect.poll(rows).toHaveLength(3);
  expect(dialog.shadowRoot?.querySelector('button.button')).toBeNull();
  expect(asked.map((path) => path.split('?')[0])).toEqual(['/api/sites/s/subjects/p/accesses', '/api/sites/s/subjects/p/accesses']);
});
