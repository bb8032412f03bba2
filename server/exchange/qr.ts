/** A QR code as an SVG document, for a telephone that reads it from the screen. */
import { toSVG } from 'bwip-js/node';

export function qrPicture(text: string): string {
  return toSVG({ bcid: 'qrcode', text, scale: 4, padding: 4, backgroundcolor: 'FFFFFF' });
}
