/** One picture for one item, from the camera or a file to stored answers: take, store, fill in what is known, record the classifier's run. */
import { v7 as uuid } from 'uuid';
import type { Form, Item, Pointer } from '../../schemas/form.ts';
import type { Change, CurrentModel, ImageSummary, SaveRequest, StandardSummary } from '../../schemas/http/api.ts';
import * as api from '../api.ts';
import type { Language } from '../text/index.ts';
import { classificationChanges, classificationOrigin, fillChanges, pictureFacts, runFacts, type CaptureResult, type ClassifierRun } from './captured.ts';

export interface PictureRequest {
  pointer: Pointer;
  item: Item;
  /** A file that was chosen or dropped; without it the camera opens. */
  file?: File | undefined;
  form: Form;
  language: Language;
  siteId: string;
  subjectId: string;
  visitId?: string | undefined;
  lesionId?: string | undefined;
  isAnswered(key: string): boolean;
  /** The picture could not be stored: true sends it again. The patient may have left, so it is not let go lightly. */
  tryAgain(error: unknown): Promise<boolean>;
}

export interface PictureTaken {
  image: ImageSummary;
  /** For the form that asked: the reference and the facts of the picture. */
  changes: Change[];
  /** The record of the classifier's run, when there was one and it could be stored. */
  classificationId?: string;
  /** True when there was a run that could not be stored; the picture is. */
  classificationFailed: boolean;
}

/** The sub-dataset that records the classifier's runs, compiled, with the version of the release. */
interface RunForm {
  form: Form;
  version: string;
}

/**
 * Undefined when the person closed the screen. Throws a Problem or ConnectionError when the picture could not be stored;
 * the caller still has the person in front of the form.
 */
export async function takePicture(request: PictureRequest): Promise<PictureTaken | undefined> {
  const runForm = await findRunForm(request.item);
  const result = await showCapture(request, runForm);
  if (!result) return undefined;
  const image = await storePicture(request, result.blob);
  const facts = pictureFacts(result, image);
  const changes = [{ pointer: request.pointer, value: image.id }, ...fillChanges(request.form, request.item.capture?.fills ?? {}, facts, request.isAnswered)];
  const stored = result.run && runForm ? await storeRun(request, runForm, result, result.run, image) : undefined;
  return { image, changes, ...(stored ? { classificationId: stored } : {}), classificationFailed: Boolean(result.run && !stored) };
}

/** Sent again under the same ids, so that it is stored once. */
async function storePicture(request: PictureRequest, blob: Blob): Promise<ImageSummary> {
  const ids = { id: uuid(), contribution: uuid(), ...(request.lesionId ? { lesionId: request.lesionId } : {}) };
  for (;;) {
    try {
      return await api.addImage(request.siteId, request.subjectId, ids, blob);
    } catch (error) {
      if (!(await request.tryAgain(error))) throw error;
    }
  }
}

async function findRunForm({ capture }: Item): Promise<RunForm | undefined> {
  const subDataset = capture?.classify ? capture.classification?.subDataset : undefined;
  if (!subDataset) return undefined;
  const summary = (await api.listStandards()).find((each: StandardSummary) => each.subDataset === subDataset);
  return summary && { form: await api.getForm(subDataset, summary.version), version: summary.version };
}

async function showCapture(request: PictureRequest, runForm: RunForm | undefined): Promise<CaptureResult | undefined> {
  const [{ CrfCapture }, model] = await Promise.all([
    import('../elements/capture/capture.ts'),
    // Without an answer there is no classifier; a picture can be taken all the same.
    runForm ? api.getCurrentModel().catch((): CurrentModel => ({})) : Promise.resolve<CurrentModel>({}),
  ]);
  const screen = new CrfCapture();
  screen.language = request.language;
  screen.modelFolder = model.folder ?? '';
  screen.impressions = impressionsOf(request.item, runForm, request.language);
  document.body.append(screen);
  try {
    return await screen.capture(request.file);
  } finally {
    screen.remove();
  }
}

/** The codes that a person may choose from: those of the item that takes the fact `impression`. */
function impressionsOf({ capture }: Item, runForm: RunForm | undefined, language: Language) {
  const key = capture?.classification?.fills['impression'];
  const item = runForm?.form.items.find((each) => each.path === key);
  const codes = item?.valueSet ? (runForm?.form.valueSets[item.valueSet]?.codes ?? []) : [];
  return codes.filter(({ status }) => status === 'active').map(({ code, text }) => ({ code, label: text[language] }));
}

/** The record's id; undefined when it could not be stored. Complete where nothing is left to answer, else a draft. */
async function storeRun(request: PictureRequest, { form, version }: RunForm, result: CaptureResult, run: ClassifierRun, image: ImageSummary): Promise<string | undefined> {
  const { capture } = request.item;
  if (!capture?.classification || !result.quality) return undefined;
  const facts = runFacts(run, image, request.lesionId, result.quality.passed);
  const save: SaveRequest = {
    contribution: uuid(),
    subjectId: request.subjectId,
    ...(request.visitId ? { visitId: request.visitId } : {}),
    ...(request.lesionId ? { lesionId: request.lesionId } : {}),
    subDataset: capture.classification.subDataset,
    standardVersion: version,
    changes: classificationChanges(form, capture, run, facts),
    status: 'complete',
    origin: classificationOrigin(run, image.sha256, result.quality),
  };
  const id = uuid();
  try {
    await api.saveRecord(request.siteId, id, 0, save);
    return id;
  } catch {
    return saveDraft(request.siteId, id, save);
  }
}

async function saveDraft(siteId: string, id: string, save: SaveRequest): Promise<string | undefined> {
  try {
    await api.saveRecord(siteId, id, 0, { ...save, contribution: uuid(), status: 'in-progress' });
    return id;
  } catch {
    return undefined;
  }
}
