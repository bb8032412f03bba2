/** What stands in a run, in words: what is missing, what comes next, which record is meant. */
import type { Text } from '../../../schemas/form.ts';
import type { Protocol, Run } from '../../../schemas/http/protocol-api.ts';
import type { Step } from '../../../schemas/protocol/protocol.ts';
import type { Lack, NextAction } from '../../../schemas/protocol/run.ts';
import { read } from '../../elements/shell/format.ts';
import { t } from '../../text/index.ts';

export const stepOf = (protocol: Protocol, id: string): Step | undefined => protocol.steps.find((step) => step.id === id);

/** By its own label, or by its place among the records of its step; nothing where it is the only one. */
export function recordInWords({ state }: Run, recordId: string | undefined): string {
  const records = state.steps.find((step) => step.records.some(({ id }) => id === recordId))?.records ?? [];
  const index = records.findIndex(({ id }) => id === recordId);
  if (index < 0 || records.length < 2) return '';
  return records[index]?.label ?? t('step.record', { n: index + 1 });
}

export function lackInWords(protocol: Protocol, run: Run, step: Step, lack: Lack): string {
  const of = (recordId: string | undefined) => [read(step.title), recordInWords(run, recordId)].filter(Boolean).join(' · ');
  switch (lack.kind) {
    case 'records': return t('lack.records', lack);
    case 'form': return t('lack.form', { what: of(lack.recordId) });
    case 'picture': return t(lack.refused > 0 && lack.have < lack.want ? 'lack.picture.refused' : 'lack.picture', { what: pictureTitle(step, lack.id), have: lack.have, want: lack.want });
    case 'aliquots': return t('lack.aliquots', { what: [kindTitle(protocol, lack.id), recordInWords(run, lack.recordId)].filter(Boolean).join(' · '), have: lack.have, want: lack.want });
    case 'condition': return t('lack.condition', { what: [titleOf(step.conditions, lack.id), recordInWords(run, lack.recordId)].filter(Boolean).join(' · ') });
    case 'step': return t('lack.step', { what: titleOf(protocol.steps, lack.id) });
  }
}

export function actionInWords(protocol: Protocol, run: Run, action: NextAction, titleOfElement: (path: string) => string): string {
  const step = stepOf(protocol, action.step);
  if (!step) return '';
  const record = 'recordId' in action ? recordInWords(run, action.recordId) : '';
  const and = (text: string) => [text, record].filter(Boolean).join(' · ');
  switch (action.kind) {
    case 'picture': return t('run.next.picture', { what: pictureTitle(step, action.id) });
    case 'moment': return t('run.next.moment', { what: and(momentTitle(step, action.key)) });
    case 'aliquots': return and(t('run.next.aliquots'));
    case 'form': return action.asks ? t('run.next.asks', { what: action.asks.map(titleOfElement).join('、') }) : t('run.next.form', { what: and(read(step.title)) });
    case 'complete': return t('run.next.complete', { what: read(step.title) });
  }
}

export function pictureTitle(step: Step, id: string): string {
  const task = step.tasks.find((each) => each.kind === 'picture' && each.id === id);
  return task?.kind === 'picture' ? read(task.title) : id;
}

export function momentTitle(step: Step, key: string): string {
  const task = step.tasks.find((each) => each.kind === 'moment' && each.key === key);
  return task?.kind === 'moment' ? read(task.title) : key;
}

/** That it is calculated is said in the form; here it only takes room. */
export const unmarked = (title: Text): string => read(title).replace(/\s*[（(](计算|computed)[）)]$/, '');

export const kindTitle = (protocol: Protocol, id: string): string => titleOf(protocol.aliquots, id);

export function titleOf(list: readonly { id: string; title: { zh: string; en: string } }[], id: string): string {
  const found = list.find((each) => each.id === id);
  return found ? read(found.title) : id;
}
