import { describe, expect, test } from 'vitest';
import { createProtocols } from '../../../schemas/protocol/protocols.ts';
import { basal, changed, findForm, mistakesOf, prepared, schema } from './a-protocol.ts';

describe('a protocol', () => {
  test('of another tumour is another file and nothing else', () => {
    expect(mistakesOf(basal)).toEqual([]);
    const { protocol } = prepared();
    expect(protocol).toMatchObject({ name: 'basal-cell-sample', version: '1.0.0', lesion: 'may', steps: [{ id: 'excision', records: 1 }, { id: 'freezing', after: ['excision'] }] });
    expect(protocol.clocks[0]).toMatchObject({ id: 'cold', stops: { step: 'freezing', key: 'frozenAt' }, target: 10, warnBefore: 5 });
  });

  test('survives being sent as JSON', () => {
    const { protocol } = prepared();
    expect(JSON.parse(JSON.stringify(protocol))).toEqual(protocol);
  });

  test.for([
    { name: 'an unknown keyword', path: 'steps.0.colour', value: 'red', pointer: '/steps/0/colour', detail: 'Unknown keyword' },
    { name: 'a task that is none', path: 'steps.0.tasks.0', value: { wait: 5 }, pointer: '/steps/0/tasks/0', detail: 'Has none of the permitted shapes' },
    { name: 'a form that does not exist', path: 'steps.0.form', value: 'excision/2.0.0', pointer: '/steps/0/form', detail: "There is no standard 'excision/2.0.0', or it has mistakes" },
    { name: 'an unknown element of a moment', path: 'steps.0.tasks.1.moment', value: 'sewnAt', pointer: '/steps/0/tasks/1/moment', detail: "The form of the step has no element 'sewnAt'" },
    { name: 'a moment that is no time', path: 'steps.0.tasks.1.moment', value: 'kind', pointer: '/steps/0/tasks/1/moment', detail: "'kind' is of another type than date-time" },
    { name: 'a code outside its value set', path: 'steps.0.tasks.0.is', value: { role: 'during' }, pointer: '/steps/0/tasks/0/is/role', detail: "'during' is not a code of role/1.0.0" },
    { name: 'a picture that fills something else', path: 'steps.0.tasks.0.fills', value: 'kind', pointer: '/steps/0/tasks/0/fills', detail: "'kind' does not name a picture" },
    { name: 'an expression over an unknown element', path: 'clocks.0.from', value: 'excision.sewnAt', pointer: '/clocks/0/from', detail: "Unknown name 'excision.sewnAt' (at character 1)" },
    { name: 'an expression of another type', path: 'clocks.0.to', value: 'freezing.pieces', pointer: '/clocks/0/to', detail: 'The result must be a text, but is a number' },
    { name: 'a clock of an unknown step', path: 'clocks.0.each', value: 'thawing', pointer: '/clocks/0/each', detail: "There is no step 'thawing'" },
    { name: 'a limit without a deviation', path: 'clocks.0.deviation', value: undefined, pointer: '/clocks/0', detail: 'A clock with a limit says which deviation it records' },
    { name: 'a step that waits for a later one', path: 'steps.0.after', value: ['freezing'], pointer: '/steps/0/after/0', detail: "No step before this one is 'freezing'" },
    { name: 'a part of the name that nobody gives', path: 'aliquots.0.fields', value: {}, pointer: '/aliquots/0/fields', detail: "'type' is missing" },
    { name: 'a pattern that could take very long', path: 'naming.pattern', value: '(A|A)*', pointer: '/naming/pattern', detail: expect.stringContaining('could take very long') },
    { name: 'labels that are wider than the page', path: 'labels.columns', value: 3, pointer: '/labels/columns', detail: 'The labels are wider than the page' },
    { name: 'a name of a step that means something else', path: 'steps.0.id', value: 'subject', pointer: '/steps/0/id', detail: "'subject' is the name of something else in expressions" },
  ])('is refused for $name', ({ path, value, pointer, detail }) => {
    expect(mistakesOf(changed(path, value))).toContainEqual({ pointer, detail });
  });

  test('tells every mistake at once', () => {
    const document = { ...changed('clocks.0.from', 'excision.sewnAt'), acceptance: [{ ...(basal['acceptance'] as object[])[0], assert: 'freezing.minutes <' }] };
    expect(mistakesOf(document).map(({ pointer }) => pointer)).toEqual(['/clocks/0/from', '/acceptance/0/assert']);
  });
});

describe('the protocols together', () => {
  test('give the newest version of each, and any by number', () => {
    const newer = { ...basal, $id: String(basal['$id']).replace('1.0.0', '1.10.0') };
    const older = { ...basal, $id: String(basal['$id']).replace('1.0.0', '1.9.0') };
    const protocols = createProtocols([newer, older], schema, findForm, () => 'sha');
    expect(protocols.list).toMatchObject([{ name: 'basal-cell-sample', version: '1.10.0', visit: ['operation'] }]);
    expect(protocols.get('basal-cell-sample', '1.9.0').protocol.version).toBe('1.9.0');
    expect(() => protocols.get('basal-cell-sample', '3.0.0')).toThrow('No such protocol');
  });
});
