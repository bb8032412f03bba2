/** One invented patient from the first visit to the last: seven sub-datasets as far as the story calls for them. */
import type { ImageSummary, VisitDetails } from '../../schemas/http/api.ts';
import { addDays } from './days.ts';
import { enrolPerson, enterLesion, enterPicture, enterRecord, enterSpecimen, enterVisit, type Case } from './fill.ts';
import type { View } from './picture.ts';
import { tell, type Lesion, type Melanoma, type Story } from './story.ts';
import { aboutClassification, aboutLesion, aboutPathology, aboutPatient, aboutPicture, aboutResection, aboutStaging, type Standing } from './wishes.ts';

/** What the forms after the first need to know. */
interface Chart {
  story: Story;
  baseline: string;
  main: Standing;
  pictures: { [view in View]?: ImageSummary };
}

export async function enterCase(each: Case, serial: number): Promise<void> {
  const { random, person, today, nurse } = each;
  const story = tell(random, person, today);
  await enrolPerson(each);
  const baseline = await enterVisit(each, 'baseline', story.baseline, { outpatientNumber: `YS-M${String(serial).padStart(6, '0')}`, department: '皮肤科' });
  await enterRecord(each, { by: nurse, subDataset: 'patient-basic-info', visitId: baseline, wishes: aboutPatient(random, story, nurse.accountId) });
  const [main, ...others] = await enterLesions(each, story, baseline, serial);
  if (!main) return;
  const pictures = await enterPictures(each, story, baseline, main);
  if (others[0] && story.lesions[1] && random.chance(0.5)) await enterPictureOf(each, 'close', story, story.lesions[1], others[0], baseline);
  const chart: Chart = { story, baseline, main, pictures };
  if (story.melanoma) await enterMelanoma(each, chart, story.melanoma, serial);
  for (const on of story.followUps) await enterVisit(each, 'follow-up', on);
}

/** In bed from the day before the operation until three days after it. */
function stayOf(serial: number, operated: string): VisitDetails {
  return {
    inpatientNumber: `YS-Z${String(serial).padStart(6, '0')}`, department: '皮肤科', ward: '皮肤科演示病区', room: String(1 + (serial % 12)), bed: String(1 + (serial % 36)),
    admittedAt: `${addDays(operated, -1)}T09:00:00+08:00`, dischargedAt: `${addDays(operated, 3)}T10:00:00+08:00`, admissionCount: 1,
  };
}

async function enterLesions(each: Case, story: Story, visitId: string, serial: number): Promise<Standing[]> {
  const standings: Standing[] = [];
  for (const lesion of story.lesions) {
    const { lesionId, ordinal } = await enterLesion(each, lesion);
    const standing = { lesionId, ordinal, lesionCode: `L${String(serial).padStart(4, '0')}-${ordinal}` };
    await enterRecord(each, { by: each.doctor, subDataset: 'lesion-register', visitId, lesionId, wishes: aboutLesion(each.random, story, lesion, standing) });
    standings.push(standing);
  }
  return standings;
}

async function enterPictures(each: Case, story: Story, visitId: string, main: Standing): Promise<Chart['pictures']> {
  const { random } = each;
  const views: View[] = ['close'];
  if (random.chance(0.18)) views.push('overview');
  if (random.chance(story.melanoma ? 0.35 : 0.1)) views.push('dermoscopic');
  const pictures: Chart['pictures'] = {};
  if (random.chance(0.06)) return pictures;
  for (const view of views) pictures[view] = await enterPictureOf(each, view, story, story.lesions[0], main, visitId);
  return pictures;
}

async function enterPictureOf(each: Case, view: View, story: Story, lesion: Lesion, standing: Standing, visitId: string): Promise<ImageSummary> {
  const { random, nurse, doctor } = each;
  const { lesionId } = standing;
  const image = await enterPicture(each, view, lesion, lesionId);
  await enterRecord(each, { by: nurse, subDataset: 'clinical-image', visitId, lesionId, wishes: aboutPicture(random, image, view, story.baseline, lesion, standing), withReason: 0 });
  if (view === 'close' && random.chance(0.55)) {
    await enterRecord(each, { by: doctor, subDataset: 'ai-classification', visitId, lesionId, wishes: aboutClassification(random, image, story.baseline, lesion, standing), withReason: 0, neverDraft: true });
  }
  return image;
}

async function enterMelanoma(each: Case, chart: Chart, melanoma: Melanoma, serial: number): Promise<void> {
  const { random, person, doctor, nurse } = each;
  const { story, baseline, main } = chart;
  const { lesionId } = main;
  const recut = Number((melanoma.breslow + 0.2).toFixed(2));
  await enterRecord(each, {
    by: doctor, subDataset: 'melanoma-staging', visitId: baseline, lesionId, wishes: aboutStaging(random, person, story, melanoma, main),
    ...(!melanoma.isInSitu && random.chance(0.08) ? { correction: { key: 'breslow', value: recut, reason: '病理深切片复核后更正（演示）' } } : {}),
  });
  const code = `S${String(serial).padStart(4, '0')}`;
  const biopsy = await enterSpecimen(each, lesionId, `${code}-B`);
  await enterRecord(each, { by: doctor, subDataset: 'melanoma-pathology', visitId: baseline, lesionId, wishes: aboutPathology(random, story, melanoma, biopsy, `P${story.diagnosed.slice(0, 4)}-${code}`) });
  if (!melanoma.isOperated || melanoma.isMucosal || !random.chance(0.3)) return;
  const operation = await enterVisit(each, 'operation', story.operated, stayOf(serial, story.operated));
  await enterSpecimen(each, lesionId, `${code}-T`);
  const specimen = await enterPicture(each, 'specimen', story.lesions[0], lesionId);
  await enterRecord(each, {
    by: nurse, subDataset: 'melanoma-resection-imaging', visitId: operation, lesionId,
    wishes: aboutResection(random, story, `${code}-T`, { overview: chart.pictures.overview?.id, close: chart.pictures.close?.id, dermoscopic: chart.pictures.dermoscopic?.id, specimen: specimen.id }, main),
  });
  await enterVisit(each, 'treatment', addDays(story.operated, 10));
}
