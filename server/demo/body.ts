/** Where on the body the invented lesions are, and how the classifications name the place. */
export interface BodySite {
  /** In words, as the label of a lesion. */
  label: string;
  anatomicSite: string;
  specialSite: string;
  acralZone?: string;
  digits?: readonly string[];
  isPaired: boolean;
  view: string;
  /** For melanoma; a mucosa is coded to its own place. */
  subtype: string;
  icd10: string;
  icd10InSitu?: string;
  onlySex?: '1' | '2';
}

const fingers = ['thumb', 'index', 'middle', 'ring', 'little'];
const toes = ['toe1', 'toe2', 'toe3', 'toe4', 'toe5'];
const foot = { specialSite: 'acral-palms-soles', isPaired: true, view: 'plantar', subtype: 'acral', icd10: 'C43.7', icd10InSitu: 'D03.7' };
const hand = { specialSite: 'acral-palms-soles', isPaired: true, view: 'palmar', subtype: 'acral', icd10: 'C43.6', icd10InSitu: 'D03.6' };
const trunk = { specialSite: 'none', isPaired: false, view: 'posterior', subtype: 'low-csd', icd10: 'C43.5', icd10InSitu: 'D03.5' };
const leg = { specialSite: 'none', isPaired: true, view: 'frontal', subtype: 'low-csd', icd10: 'C43.7', icd10InSitu: 'D03.7' };
const arm = { specialSite: 'none', isPaired: true, view: 'frontal', subtype: 'high-csd', icd10: 'C43.6', icd10InSitu: 'D03.6' };
const face = { specialSite: 'none', isPaired: true, view: 'oblique-left', subtype: 'high-csd', icd10: 'C43.3', icd10InSitu: 'D03.3' };
const mucosa = { specialSite: 'oral-genital', isPaired: false, view: 'other' };

export const bodySites = {
  heel: { ...foot, label: '足跟', anatomicSite: 'heel', acralZone: 'heel' },
  forefoot: { ...foot, label: '前足底', anatomicSite: 'sole', acralZone: 'forefoot' },
  arch: { ...foot, label: '足弓', anatomicSite: 'sole', acralZone: 'arch' },
  toe: { ...foot, label: '足趾腹侧', anatomicSite: 'toe', acralZone: 'toe-volar', digits: toes },
  toenail: { ...foot, label: '趾甲', anatomicSite: 'toenail', specialSite: 'toenail', acralZone: 'nail-matrix', digits: toes, subtype: 'subungual', view: 'frontal' },
  palm: { ...hand, label: '手掌', anatomicSite: 'palm', acralZone: 'palm-thenar' },
  finger: { ...hand, label: '手指掌侧', anatomicSite: 'finger', acralZone: 'finger-volar', digits: fingers },
  fingernail: { ...hand, label: '指甲', anatomicSite: 'fingernail', specialSite: 'fingernail', acralZone: 'nail-bed', digits: fingers, subtype: 'subungual', view: 'frontal' },
  upperBack: { ...trunk, label: '上背部', anatomicSite: 'upper-back' },
  chest: { ...trunk, label: '胸部', anatomicSite: 'chest', view: 'frontal' },
  abdomen: { ...trunk, label: '腹部', anatomicSite: 'abdomen', view: 'frontal' },
  lowerLeg: { ...leg, label: '小腿', anatomicSite: 'lower-leg' },
  thigh: { ...leg, label: '大腿', anatomicSite: 'thigh' },
  forearm: { ...arm, label: '前臂', anatomicSite: 'forearm' },
  upperArm: { ...arm, label: '上臂', anatomicSite: 'upper-arm', subtype: 'low-csd' },
  cheek: { ...face, label: '面颊', anatomicSite: 'cheek' },
  nose: { ...face, label: '鼻部', anatomicSite: 'nose', isPaired: false, view: 'frontal' },
  temple: { ...face, label: '颞部', anatomicSite: 'temple' },
  scalp: { ...face, label: '头皮', anatomicSite: 'scalp', isPaired: false, view: 'other', icd10: 'C43.4', icd10InSitu: 'D03.4' },
  mouth: { ...mucosa, label: '口腔黏膜', anatomicSite: 'oral-mucosa', subtype: 'mucosal-oral', icd10: 'C06.9' },
  vulva: { ...mucosa, label: '外阴', anatomicSite: 'genital', subtype: 'mucosal-genital', icd10: 'C51.9', onlySex: '2' },
  anus: { ...mucosa, label: '肛管', anatomicSite: 'perianal', subtype: 'mucosal-anorectal', icd10: 'C21.0' },
} as const satisfies { [name: string]: BodySite };

export type SiteName = keyof typeof bodySites;
type Weights = { readonly [name in SiteName]?: number };

const sunny: Weights = { cheek: 4, nose: 4, temple: 3, scalp: 2, forearm: 2, upperBack: 1 };
const anywhere: Weights = { upperBack: 3, chest: 2, abdomen: 2, forearm: 3, upperArm: 2, thigh: 2, lowerLeg: 3, cheek: 2 };

/** Melanoma in China is above all acral, then mucosal. */
export const sitesOf: { readonly [diagnosis: string]: Weights } = {
  'melanoma-invasive': { heel: 14, forefoot: 9, arch: 5, toe: 5, toenail: 7, palm: 3, finger: 3, fingernail: 5, upperBack: 6, chest: 3, abdomen: 2, lowerLeg: 6, thigh: 3, forearm: 3, upperArm: 3, cheek: 4, scalp: 2, mouth: 4, vulva: 4, anus: 4 },
  'melanoma-insitu': { heel: 6, forefoot: 5, toe: 2, toenail: 4, fingernail: 4, cheek: 4, upperBack: 2, lowerLeg: 2, forearm: 1 },
  'bcc': sunny, 'seborrhoeic-keratosis': { ...sunny, upperBack: 5, chest: 3 }, 'cutaneous-lupus': { cheek: 6, nose: 2, scalp: 2, forearm: 1 },
  'melanocytic-naevus': { ...anywhere, heel: 2, forefoot: 2, palm: 1 }, 'psoriasis': anywhere, 'eczema': anywhere, 'pemphigus': { chest: 3, abdomen: 2, upperBack: 3, scalp: 1 },
};
