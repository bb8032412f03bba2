/**
 * What happened to one invented patient, from which all forms about them are answered. The distributions are plausible, made
 * up for this demonstration, and no result: melanoma mostly acral, Breslow log-normal around 2.5 mm, ulcers where it is thick.
 */
import { bodySites, sitesOf, type BodySite, type SiteName } from './body.ts';
import { addDays, daysAgo } from './days.ts';
import type { Person } from './people.ts';
import type { Random } from './random.ts';

const diagnoses = {
  'melanoma-invasive': 44, 'melanoma-insitu': 9, 'bcc': 11, 'seborrhoeic-keratosis': 12, 'melanocytic-naevus': 10,
  'psoriasis': 5, 'eczema': 4, 'cutaneous-lupus': 3, 'pemphigus': 2,
};
export type Diagnosis = keyof typeof diagnoses;

export interface Lesion {
  diagnosis: Diagnosis;
  site: BodySite;
  laterality: 'left' | 'right' | 'midline';
  digit: string | undefined;
  /** Millimetres, one decimal. */
  longDiameter: number;
  shortDiameter: number;
  /** 0 regular … 1 irregular in border and colour. */
  irregularity: number;
}

export interface Melanoma {
  isInSitu: boolean;
  isMucosal: boolean;
  /** Millimetres, two decimals. */
  breslow: number;
  isUlcerated: boolean;
  nodesExamined: number;
  nodesPositive: number;
  /** Nodes that could be felt or seen. */
  nodesFelt: number;
  hasSatellites: boolean;
  metastases: string[];
  isOperated: boolean;
}

export interface Story {
  baseline: string;
  /** Civil dates in order, after the baseline. */
  followUps: string[];
  firstNoticed: string;
  diagnosed: string;
  operated: string;
  /** The first is what the story is about. */
  lesions: [Lesion, ...Lesion[]];
  melanoma: Melanoma | undefined;
}

/** All days are at least two weeks before `today`. */
export function tell(random: Random, person: Person, today: string): Story {
  const baseline = daysAgo(today, random.integer(60, 1600));
  const diagnosis = random.weighted(diagnoses);
  const diagnosed = addDays(baseline, random.integer(3, 14));
  const isMelanoma = diagnosis.startsWith('melanoma');
  const lesion = drawLesion(random, person, diagnosis);
  const second = random.chance(0.15) ? [drawLesion(random, person, random.pick(['melanocytic-naevus', 'seborrhoeic-keratosis'] as const))] : [];
  const followUps: string[] = [];
  for (let on = addDays(baseline, random.integer(60, 200)); on < daysAgo(today, 14) && followUps.length < (isMelanoma ? 2 : 1); on = addDays(on, random.integer(80, 200))) followUps.push(on);
  return {
    baseline, followUps, diagnosed,
    firstNoticed: daysAgo(baseline, Math.round(Math.min(5400, Math.exp(random.normal(5.9, 1))))),
    operated: addDays(diagnosed, random.integer(7, 21)),
    lesions: [lesion, ...second],
    melanoma: isMelanoma ? drawMelanoma(random, lesion) : undefined,
  };
}

function drawLesion(random: Random, { sex }: Person, diagnosis: Diagnosis): Lesion {
  const weights = Object.entries(sitesOf[diagnosis] ?? {}).filter(([name]) => [undefined, sex].includes((bodySites[name as SiteName] as BodySite).onlySex));
  const site: BodySite = bodySites[random.weighted(Object.fromEntries(weights)) as SiteName];
  const isMalignant = diagnosis.startsWith('melanoma') || diagnosis === 'bcc';
  const isRash = ['psoriasis', 'eczema', 'pemphigus', 'cutaneous-lupus'].includes(diagnosis);
  const longDiameter = round(Math.min(120, Math.exp(random.normal(isRash ? 3.2 : isMalignant ? 2.5 : 1.8, 0.45))), 1);
  return {
    diagnosis, site, longDiameter,
    laterality: site.isPaired ? random.pick(['left', 'right'] as const) : random.weighted({ midline: 6, left: 2, right: 2 }),
    digit: site.digits && random.pick(site.digits),
    shortDiameter: round(Math.max(0.5, longDiameter * (0.55 + 0.42 * random.next())), 1),
    irregularity: Math.min(1, Math.max(0, random.normal(isMalignant ? 0.72 : 0.25, 0.18))),
  };
}

function drawMelanoma(random: Random, { diagnosis, site }: Lesion): Melanoma {
  const isInSitu = diagnosis === 'melanoma-insitu';
  const isMucosal = site.subtype.startsWith('mucosal');
  const breslow = round(Math.min(35, Math.max(0.15, Math.exp(random.normal(0.92, 0.85)))), 2);
  const thick = Math.min(1, breslow / 6);
  const examined = !isInSitu && random.chance(0.78 + 0.15 * thick);
  const nodesExamined = examined ? (random.chance(0.6) ? random.integer(1, 4) : random.integer(8, 26)) : 0;
  const nodesPositive = examined && random.chance(0.08 + 0.4 * thick) ? Math.min(nodesExamined, 1 + Math.floor(random.next() ** 2 * 5)) : 0;
  const isDistant = !isInSitu && random.chance(0.02 + 0.12 * thick);
  return {
    isInSitu, isMucosal, breslow, nodesExamined, nodesPositive,
    isUlcerated: random.chance(0.12 + 0.5 * thick),
    nodesFelt: nodesPositive > 0 && random.chance(0.35) ? random.integer(1, nodesPositive) : 0,
    hasSatellites: !isInSitu && random.chance(0.03 + 0.1 * thick),
    metastases: isDistant ? [random.weighted({ lung: 4, liver: 3, brain: 2, bone: 2, 'distant-node': 3, skin: 2 })] : [],
    isOperated: random.chance(0.9),
  };
}

function round(value: number, places: number): number {
  return Number(value.toFixed(places));
}
