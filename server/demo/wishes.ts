/** What the forms about a patient should say so that they tell one story; everything else is drawn. */
import type { ImageSummary } from '../../schemas/http/api.ts';
import type { Wanted } from './answers.ts';
import { addDays, ageOn, at } from './days.ts';
import type { Person } from './people.ts';
import type { View } from './picture.ts';
import type { Random } from './random.ts';
import type { Lesion, Melanoma, Story } from './story.ts';

type Wishes = NonNullable<Wanted['wishes']>;

/** Where a record stands: the ids that its references name. */
export interface Standing {
  lesionId: string;
  lesionCode: string;
  ordinal: number;
}

/** `creator` is the id of an account. */
export function aboutPatient(random: Random, { baseline }: Story, creator: string): Wishes {
  return {
    medicalInsuranceType: random.weighted({ '01': 4, '02': 4, '03': 3, '07': 1 }),
    recordCreationDateTime: at(baseline, random.integer(480, 700)), recordCreatorName: creator,
  };
}

const shape = { 'melanoma-invasive': 'nodule', 'melanoma-insitu': 'patch', 'bcc': 'papule', 'seborrhoeic-keratosis': 'plaque', 'melanocytic-naevus': 'macule', 'psoriasis': 'plaque', 'eczema': 'patch', 'cutaneous-lupus': 'plaque', 'pemphigus': 'bulla' } as const;
const tones = { 'melanoma-invasive': ['dark-brown', 'black', 'blue-grey'], 'melanoma-insitu': ['light-brown', 'dark-brown'], 'bcc': ['pink', 'black'], 'seborrhoeic-keratosis': ['light-brown', 'dark-brown'], 'melanocytic-naevus': ['dark-brown'], 'psoriasis': ['red', 'white'], 'eczema': ['red'], 'cutaneous-lupus': ['red', 'purple'], 'pemphigus': ['red', 'skin-coloured'] } as const;

export function aboutLesion(random: Random, story: Story, lesion: Lesion, { lesionCode, ordinal }: Standing): Wishes {
  const { diagnosis, site, irregularity } = lesion;
  const isMain = lesion === story.lesions[0];
  const isMelanoma = diagnosis.startsWith('melanoma');
  const isNail = site.subtype === 'subungual';
  // Before the microscope about one melanoma in six is taken for something else.
  const guess = isMelanoma && random.chance(0.16) ? random.pick(['melanocytic-naevus', 'wart', 'subungual-haematoma', 'undetermined']) : diagnosis;
  return {
    lesionId: lesionCode, lesionOrdinal: ordinal, registrationDate: story.baseline, firstNoticedDate: story.firstNoticed.slice(0, random.pick([4, 7, 10])),
    anatomicSite: site.anatomicSite, laterality: lesion.laterality, specialSite: site.specialSite, acralZone: site.acralZone ?? null, digit: lesion.digit ?? null,
    bodyMapX: null, bodyMapY: null, landmarkText: random.chance(0.3) ? `${site.label}，距中线约${random.integer(1, 9)} cm（演示）` : null,
    longDiameter: lesion.longDiameter, shortDiameter: lesion.shortDiameter,
    primaryMorphology: isNail ? 'nail-band' : shape[diagnosis], colours: [...tones[diagnosis]],
    asymmetry: random.chance(irregularity), borderIrregular: random.chance(irregularity), colourVariegated: random.chance(irregularity), evolving: random.chance(irregularity),
    clinicalUlceration: isMain && story.melanoma?.isUlcerated ? 'yes' : 'no', symptoms: diagnosis === 'eczema' || diagnosis === 'psoriasis' ? ['itch'] : isMelanoma ? ['growth', 'colour-change'] : ['none'],
    visibleSatellites: isMain && story.melanoma?.hasSatellites ? 'yes' : 'no',
    clinicalDiagnosis: guess, diagnosisConfirmType: isMelanoma || diagnosis === 'bcc' ? 'histopathology' : 'single-clinician',
    finalDiagnosis: isMain ? diagnosis : null, finalDiagnosisDate: isMain ? story.diagnosed : null, lesionStatus: isMelanoma && story.melanoma?.isOperated ? 'excised' : 'active',
  };
}

const imageType = { overview: 'clinical-overview', close: 'clinical-close-up', dermoscopic: 'dermoscopic', specimen: 'clinical-close-up' } as const;
const photoRole = { overview: 'overview', close: 'closeup-with-scale', dermoscopic: 'dermoscopic', specimen: 'specimen-fresh' } as const;

/** The picture says of itself that it was drawn: `imageManipulation` is `synthetic`. */
export function aboutPicture(random: Random, image: ImageSummary, view: View, on: string, lesion: Lesion, { lesionId }: Standing): Wishes {
  const isSharp = random.chance(0.93);
  return {
    lesionRef: lesionId, imageId: image.id, imageFile: image.id, imageType: imageType[view], photoRole: photoRole[view], captureDateTime: at(on, random.integer(500, 1000)),
    anatomicSite: lesion.site.anatomicSite, laterality: lesion.laterality, viewDirection: lesion.site.view,
    cameraModel: 'drawn by code (demo)', focalLength: null, lighting: view === 'dermoscopic' ? 'cross-polarised' : random.pick(['led-diffuse', 'ring-flash']),
    scalePresent: view === 'close' || view === 'specimen', mmPerPixel: 0.14286, widthPx: image.width, heightPx: image.height, fileFormat: 'jpg', fileBytes: image.bytes, sha256: image.sha256,
    exifRemoved: true, identifiability: 'none', deidentified: null, photoConsentRef: null, focusAdequate: isSharp, exposureAdequate: true,
    retakeReason: isSharp ? ['no-scale'] : ['out-of-focus'], imageManipulation: 'synthetic', dicomSopClass: null,
  };
}

const aiClass = { 'melanoma-invasive': 'melanoma', 'melanoma-insitu': 'melanoma', 'bcc': 'bcc', 'seborrhoeic-keratosis': 'seborrhoeic-keratosis', 'melanocytic-naevus': 'other', 'psoriasis': 'psoriasis', 'eczema': 'eczema', 'cutaneous-lupus': 'lupus', 'pemphigus': 'pemphigus' } as const;
const probability = { 'melanoma': 'probMelanoma', 'bcc': 'probBcc', 'seborrhoeic-keratosis': 'probSebK', 'psoriasis': 'probPsoriasis', 'eczema': 'probEczema', 'lupus': 'probLupus', 'pemphigus': 'probPemphigus', 'other': 'probOther' } as const;
type AiClass = keyof typeof probability;
const aiClasses = Object.keys(probability) as AiClass[];

/** No model ran: the record says so in the name of its model. Right four times in five. */
export function aboutClassification(random: Random, image: ImageSummary, on: string, lesion: Lesion, { lesionId }: Standing): Wishes {
  const truth = aiClass[lesion.diagnosis];
  const top = random.chance(0.8) ? truth : random.pick(aiClasses.filter((each) => each !== truth));
  const parts = aiClasses.map((each) => (each === top ? 3000 + random.integer(0, 5000) : random.integer(1, 700)));
  const total = parts.reduce((sum, part) => sum + part, 0);
  const shares = parts.map((part) => Math.floor((part / total) * 10_000));
  shares[aiClasses.indexOf(top)]! += 10_000 - shares.reduce((sum, share) => sum + share, 0);
  return {
    ...Object.fromEntries(aiClasses.map((each, index) => [probability[each], (shares[index] ?? 0) / 10_000])),
    imageRef: image.id, lesionRef: lesionId, modelName: 'demo (no model ran)', modelVersion: '0', modelApproval: 'research-only', approvalNumber: null,
    runDateTime: at(on, random.integer(1001, 1080)), inputSha256: image.sha256, topClass: top, malignancyThreshold: 0.3, outOfDistribution: false, qualityGate: 'pass',
    shownBeforeDecision: random.chance(0.9), clinicianDiagnosis: random.chance(0.93) ? truth : top, overrideReason: '与临床所见不符（演示）', lesionMaskRef: null, finalDiagnosisRef: null,
  };
}

/** The histology that both staging and pathology name. */
export function morphologyOf({ isInSitu, isMucosal }: Melanoma, { site }: Lesion): string {
  if (isInSitu) return '8720/2';
  if (isMucosal) return '8746/3';
  return site.subtype === 'acral' || site.subtype === 'subungual' ? '8744/3' : site.subtype === 'high-csd' ? '8742/3' : '8743/3';
}

export function aboutStaging(random: Random, { birthDate }: Person, { diagnosed, lesions: [lesion] }: Story, melanoma: Melanoma, { lesionId }: Standing): Wishes {
  const { site } = lesion;
  const ldhUpperLimit = random.pick([245, 250]);
  return {
    lesionRef: lesionId, diagnosisDate: diagnosed, diagnosisBasis: random.weighted({ 'excisional-biopsy': 6, 'incisional-biopsy': 2, 'punch-biopsy': 1 }), knownPrimary: 'yes',
    icd10: melanoma.isInSitu ? (site.icd10InSitu ?? site.icd10) : site.icd10, morphology: morphologyOf(melanoma, lesion), clinicalSubtype: site.subtype, ageAtDiagnosis: ageOn(birthDate, diagnosed),
    stagingEdition: 'ajcc8', postNeoadjuvant: random.chance(0.04), primaryTumorStatus: melanoma.isInSitu ? 'in-situ' : 'measurable', breslow: melanoma.breslow, ulceration: melanoma.isUlcerated ? 'present' : 'absent',
    mitoticRate: melanoma.isInSitu ? null : Math.min(40, Math.round(Math.exp(random.normal(0.8, 1)))),
    cNodeStatus: 'assessed', cNodesDetected: melanoma.nodesFelt, pNodeStatus: melanoma.nodesExamined > 0 ? 'assessed' : 'not-assessed', pNodesPositive: melanoma.nodesPositive, pNodesExamined: melanoma.nodesExamined,
    nodesClinicallyDetected: melanoma.nodesFelt > 0, nodesMatted: random.chance(0.1), nonNodalRegional: melanoma.hasSatellites ? 'yes' : random.weighted({ no: 12, unknown: 1 }),
    distantMetastasis: melanoma.metastases.length > 0 ? 'yes' : 'no', metastasisSites: melanoma.metastases, ldhUpperLimit, ldhValue: Math.round(ldhUpperLimit * Math.exp(random.normal(-0.05, 0.35))),
    stageOverride: null, ecog: random.weighted({ '0': 7, '1': 3, '2': 1 }), synchronousMelanoma: random.weighted({ no: 20, yes: 1 }), mucosalStageNote: '按部位另行分期（演示）',
  };
}

export function aboutPathology(random: Random, { diagnosed, lesions: [lesion] }: Story, melanoma: Melanoma, specimenId: string, number: string): Wishes {
  const isWide = random.chance(0.3);
  return {
    specimenRef: specimenId, reportNumber: number, reportDate: diagnosed, receivedDateTime: at(addDays(diagnosed, -random.integer(2, 4)), random.integer(540, 1000)),
    procedureIntent: isWide ? 'wide-excision' : 'excisional', specimenTechnique: lesion.digit !== undefined && isWide ? 'amputation' : 'ellipse', tumorSite: lesion.site.anatomicSite, laterality: lesion.laterality,
    specimenLength: Math.round(lesion.longDiameter + random.integer(8, 30)), specimenWidth: Math.round(lesion.shortDiameter + random.integer(6, 20)), specimenDepth: random.integer(4, 18), macroLesionLength: lesion.longDiameter,
    invasive: melanoma.isInSitu ? 'in-situ' : 'invasive', histologicType: morphologyOf(melanoma, lesion), breslow: Math.max(0.1, Number(melanoma.breslow.toFixed(1))), breslowQualifier: random.weighted({ exact: 12, 'at-least': 1 }),
    ulceration: melanoma.isUlcerated ? 'present' : 'absent', ulcerationExtent: Number((1 + random.next() * 5).toFixed(1)), mitoticRate: Math.min(40, Math.round(Math.exp(random.normal(0.8, 1)))),
    clarkLevel: melanoma.isInSitu ? 'I' : melanoma.breslow < 0.8 ? 'II' : melanoma.breslow < 2 ? 'III' : melanoma.breslow < 6 ? 'IV' : 'V', microsatellites: melanoma.hasSatellites ? 'present' : 'absent',
    lymphovascular: random.weighted({ absent: 9, present: 1 }), neurotropism: random.weighted({ absent: 12, present: 1 }), desmoplastic: random.weighted({ none: 20, mixed: 1 }),
    peripheralMarginInvasive: 'not-involved', peripheralMarginInSitu: random.weighted({ 'not-involved': 9, 'involved-insitu': 1 }), deepMargin: 'not-involved', closestPeripheralMargin: random.integer(2, 18), closestDeepMargin: random.integer(1, 8),
    ihcPositive: ['s100', 'sox10', 'melan-a', 'hmb45'].slice(0, random.integer(2, 4)), fixationHours: random.integer(8, 40),
  };
}

/** Minutes as in a theatre that keeps to the protocol, and now and then does not. */
export function aboutResection(random: Random, { operated }: Story, specimenCode: string, photographs: { readonly [view in View]: string | undefined }, { lesionId }: Standing): Wishes {
  const incision = random.integer(520, 840);
  const clamped = incision + random.integer(8, 25);
  const removed = clamped + random.integer(3, 12);
  return {
    lesionRef: lesionId, specimenId: specimenCode, operationRef: null, protocolVersion: 'demo-1', collectionIntent: 'prospective', tissueType: 'tumor', tumorDescriptor: 'primary', procedure: 'SRG',
    incisionDateTime: at(operated, incision), devascularisationDateTime: random.chance(0.6) ? at(operated, clamped) : null, removalDateTime: at(operated, removed), handoverDateTime: at(operated, removed + random.integer(3, 13)),
    photoOverviewRef: photographs.overview ?? null, photoCloseupRef: photographs.close ?? null, photoDermoscopicRef: photographs.dermoscopic ?? null, photoSpecimenRef: photographs.specimen ?? null,
    diagnosticFirst: true, pathologistOnSite: random.chance(0.7), transportMedium: random.weighted({ 'dry-tube': 3, 'preservation-solution': 3, rnalater: 2 }), transportTemperature: 'ice', deviation: null,
  };
}
