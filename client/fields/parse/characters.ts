/**
 * What a Chinese input method leaves in a number or a date: full-width digits and signs, the ideographic full stop for
 * a decimal point, dashes for a minus. Gives plain ASCII where there is one; letters and Chinese characters stay.
 */
export function toPlain(text: string): string {
  return text
    .replace(/[\uff01-\uff5e]/g, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0))
    .replace(/[\u3002\u00b7]/g, '.')
    .replace(/[\u2010-\u2015\u2212]/g, '-')
    .replace(/[\u3000\u00a0\u2000-\u200b]/g, ' ')
    .trim();
}
