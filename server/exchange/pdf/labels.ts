/** Sheets of labels for aliquots: the code as text and as a symbol, what is in it, the date. Nothing of a person. */
import type { LabelSheet } from '../../../schemas/protocol/protocol.ts';
import { fitted, millimetre, openPaper } from './paper.ts';
import { drawSymbol, symbolOf } from './symbol.ts';

export interface Label {
  code: string;
  /** The code as it may be broken into lines. */
  lines: readonly string[];
  content: string;
  date: string;
}

/** Millimetres of white around what is printed: printers are not exact, and a symbol needs a quiet zone. */
const edge = 1.8;
const gap = 1.4;

/** `skip` labels of the first sheet are used up. */
export async function labelSheets(labels: readonly Label[], sheet: LabelSheet, { title, at, skip }: { title: string; at: Date; skip: number }): Promise<Buffer> {
  const size: [number, number] = [sheet.page.width * millimetre, sheet.page.height * millimetre];
  const { doc, finish } = await openPaper({ title, size, at });
  const each = sheet.columns * sheet.rows;
  for (const [i, label] of labels.entries()) {
    const place = (skip % each) + i;
    if (i > 0 && place % each === 0) doc.addPage({ size, margin: 0 });
    const [column, row] = [place % sheet.columns, Math.floor((place % each) / sheet.columns)];
    drawLabel(doc, label, sheet, (sheet.left + column * sheet.across) * millimetre, (sheet.top + row * sheet.down) * millimetre);
  }
  return finish();
}

function drawLabel(doc: PDFKit.PDFDocument, label: Label, sheet: LabelSheet, x: number, y: number): void {
  const [width, height] = [sheet.width * millimetre, sheet.height * millimetre];
  const inner = height - 2 * edge * millimetre;
  const side = Math.min(inner, width * 0.34);
  drawSymbol(doc, symbolOf(sheet.symbol, label.code), x + edge * millimetre, y + (height - side) / 2, side);
  const left = x + (edge + gap) * millimetre + side;
  const wide = x + width - edge * millimetre - left;
  const lines = sheet.fields.flatMap((field) => linesOf(field, label));
  const sizes = lines.map(({ text, weight, most }) => fitted(doc.font(weight), text, wide, most));
  const tall = sizes.reduce((sum, size) => sum + size * leading, 0);
  const shrink = Math.min(1, inner / tall);
  let top = y + (height - tall * shrink) / 2;
  for (const [i, { text, weight }] of lines.entries()) {
    const size = (sizes[i] ?? 6) * shrink;
    doc.font(weight).fontSize(size).fillColor('#000000').text(text, left, top, { lineBreak: false });
    top += size * leading;
  }
}

const leading = 1.35;

/** The last line of a code tells the tubes of one patient apart, so it is the largest. */
function linesOf(field: LabelSheet['fields'][number], { lines, content, date }: Label): { text: string; weight: 'regular' | 'bold'; most: number }[] {
  if (field === 'code') return lines.map((text, i) => ({ text, weight: 'bold', most: i === lines.length - 1 ? 10 : 7 }));
  return [{ text: field === 'content' ? content : date, weight: 'regular', most: 6.5 }];
}
