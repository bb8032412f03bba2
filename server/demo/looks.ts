/** How the drawn lesions look, by diagnosis: colours from the edge inwards and a few signs. No photograph was used. */
export type Colour = readonly [red: number, green: number, blue: number];

export interface Look {
  /** Two to four colours; noise and the distance from the edge choose among them. */
  colours: readonly Colour[];
  /** Width of the edge as a share of the radius: small is sharp. */
  edge: number;
  /** 0 … 1: how much of the skin shows through. */
  thin: number;
  /** White flakes, horny plugs or pearls: their share of the surface and their colour. */
  specks?: { share: number; colour: Colour };
  /** Brightness of a shine at the upper left. */
  shine: number;
}

const brown: Colour = [112, 70, 48];
const dark: Colour = [58, 36, 30];
const black: Colour = [30, 22, 24];

export const looks: { readonly [diagnosis: string]: Look } = {
  'melanoma-invasive': { colours: [[138, 92, 66], dark, black, [86, 88, 104]], edge: 0.1, thin: 0.05, shine: 20 },
  'melanoma-insitu': { colours: [[156, 112, 82], brown, dark], edge: 0.14, thin: 0.25, shine: 0 },
  'bcc': { colours: [[214, 150, 142], [226, 172, 160], [150, 110, 116]], edge: 0.12, thin: 0.3, specks: { share: 0.05, colour: [72, 56, 70] }, shine: 46 },
  'seborrhoeic-keratosis': { colours: [[146, 104, 74], [122, 84, 58], [96, 66, 48]], edge: 0.05, thin: 0.05, specks: { share: 0.1, colour: [196, 162, 126] }, shine: 8 },
  'melanocytic-naevus': { colours: [[134, 90, 62], brown, [92, 58, 42]], edge: 0.16, thin: 0.15, shine: 6 },
  'psoriasis': { colours: [[206, 116, 106], [192, 92, 86]], edge: 0.06, thin: 0.2, specks: { share: 0.34, colour: [236, 226, 218] }, shine: 0 },
  'eczema': { colours: [[212, 138, 122], [198, 112, 100]], edge: 0.4, thin: 0.4, specks: { share: 0.06, colour: [150, 70, 62] }, shine: 0 },
  'cutaneous-lupus': { colours: [[198, 112, 118], [168, 88, 104]], edge: 0.18, thin: 0.25, specks: { share: 0.12, colour: [226, 210, 202] }, shine: 0 },
  'pemphigus': { colours: [[220, 150, 132], [190, 78, 74]], edge: 0.1, thin: 0.3, specks: { share: 0.08, colour: [240, 214, 170] }, shine: 60 },
};

export const skinTones: readonly Colour[] = [[226, 184, 158], [214, 170, 142], [202, 156, 128], [188, 142, 114], [232, 192, 170]];
