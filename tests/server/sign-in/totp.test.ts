import { describe, expect, test } from 'vitest';
import { codeAt, stepAt, stepOf, toBase32, totpUri } from '../../../server/services/totp.ts';

/** RFC 6238 appendix B and RFC 4226 appendix D have one secret; the last six of the eight digits there are ours. */
const secret = new TextEncoder().encode('12345678901234567890');

describe('codes by time', () => {
  test.for([[59, '287082'], [1_111_111_109, '081804'], [1_111_111_111, '050471'], [1_234_567_890, '005924'], [2_000_000_000, '279037'], [20_000_000_000, '353130']] as const)('at %i s are as RFC 6238 says', ([seconds, code]) => {
    expect(codeAt(secret, stepAt(new Date(seconds * 1000)))).toBe(code);
  });

  test.for(['755224', '287082', '359152', '969429', '338314', '254676', '287922', '162583', '399871', '520489'].map((code, counter) => [counter, code] as const))('of counter %i are as RFC 4226 says', ([counter, code]) => {
    expect(codeAt(secret, counter)).toBe(code);
  });

  test('fit one step before and one after, and no further', () => {
    const at = (seconds: number) => stepOf(secret, codeAt(secret, 1000), new Date(seconds * 1000));
    expect([30_000 - 31, 30_000 - 30, 30_000, 30_059, 30_060].map(at)).toEqual([undefined, 1000, 1000, 1000, undefined]);
  });

  test.for(['', '12345', '1234567', 'abcdef', '１２３４５６'])('are six digits and not %j', (code) => {
    expect(stepOf(secret, code, new Date(0))).toBeUndefined();
  });

  test.for([['', ''], ['f', 'MY'], ['fo', 'MZXQ'], ['foo', 'MZXW6'], ['foobar', 'MZXW6YTBOI']] as const)('are told to the app in the letters of RFC 4648: %j', ([text, letters]) => {
    expect(toBase32(new TextEncoder().encode(text))).toBe(letters);
  });

  test('are set up by an address that an app reads', () => {
    const uri = new URL(totpUri('Xiangya Forms', 'lin', secret));
    expect([uri.protocol, uri.host, decodeURIComponent(uri.pathname), uri.searchParams.get('secret')]).toEqual(['otpauth:', 'totp', '/Xiangya Forms:lin', 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ']);
  });
});
