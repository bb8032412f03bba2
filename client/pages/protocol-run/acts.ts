/** What can be done in a run, as the page's parts call it; ids are made here, so that sending twice stores once. */
import { v7 } from 'uuid';
import type { RunController } from '../../controllers/run.ts';
import type { PictureState } from '../../../schemas/protocol/run.ts';
import { beginRecord, closeRun, completeStep, explainDeviation, nameAliquots, skipStep } from '../../protocol-api.ts';

export interface Acts {
  /** Records this moment, in a new record where the step has none. */
  stamp(step: string, key: string, recordId?: string): Promise<'stored' | 'kept' | 'refused'>;
  /** Opens the form of a picture, begun anew unless one waits for its image. */
  picture(step: string, picture: PictureState): void;
  /** Opens the form of a record; without one a new record is begun. */
  form(step: string, recordId?: string): void;
  complete(step: string): void;
  skip(step: string, reason: string): void;
  explain(key: string, reason: string): void;
  name(recordId: string, counts: { [kind: string]: number }): void;
  close(outcome: 'finished' | 'abandoned', reason?: string): void;
}

/** `open` leaves for a record's form; who may only read just opens. */
export function createActs(run: RunController, mayWrite: () => boolean, open: (recordId: string) => void): Acts {
  const begin = async (request: { recordId: string; step: string; picture?: string }) =>
    run.act(({ siteId, runId }) => beginRecord(siteId, runId, { contribution: v7(), ...request }));
  const openWhenBegun = async (request: { recordId: string; step: string; picture?: string }) => {
    if (await begin(request)) open(request.recordId);
  };
  return {
    // What waits to be sent may be what begins the record.
    stamp: (step, key, recordId = run.stamps.find((stamp) => stamp.step === step)?.recordId ?? v7()) => run.stamp(step, key, recordId),
    picture(step, { id, begun }) {
      if (begun) open(begun);
      else void openWhenBegun({ recordId: v7(), step, picture: id });
    },
    form(step, recordId) {
      const record = run.run?.state.steps.find(({ id }) => id === step)?.records.find(({ id }) => id === recordId);
      // What is complete is only opened; a draft first takes over what has become known since.
      if (recordId && (!mayWrite() || record?.status !== 'in-progress' || run.run?.status !== 'running')) open(recordId);
      else void openWhenBegun({ recordId: recordId ?? v7(), step });
    },
    complete: (step) => void run.act(({ siteId, runId }) => completeStep(siteId, runId, step, v7())),
    skip: (step, reason) => void run.act(({ siteId, runId }) => skipStep(siteId, runId, step, { contribution: v7(), reason })),
    explain: (key, reason) => void run.act(({ siteId, runId }) => explainDeviation(siteId, runId, { contribution: v7(), key, reason })),
    name: (recordId, counts) => void run.act(({ siteId, runId }) => nameAliquots(siteId, runId, { contribution: v7(), recordId, counts })),
    close: (outcome, reason) => void run.act(({ siteId, runId }) => closeRun(siteId, runId, { contribution: v7(), outcome, ...(reason ? { reason } : {}) })),
  };
}
