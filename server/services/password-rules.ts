/**
 * Which passwords may be chosen. No dictionary of leaked passwords travels with an installation behind a firewall, and a list of three
 * thousand would hold few of twelve characters; so what all of them are made of is refused instead: well-known words, rows of keys,
 * runs, repetitions, years, and the person's own names, in any spelling that people think clever.
 */
import { fail, type FieldError } from '../../schemas/problem.ts';
import type { PasswordPolicy } from './policy.ts';

/** What the commonest passwords are made of, here and in China; without digits, which are struck out on their own. */
const commonest = `password passwort passw parola mima qwertyuiop qwerty qwert qwer asdfghjkl asdfgh asdf zxcvbnm zxcvb zxcv qazwsxedc qazwsx qaz wsx edc abcdefgh abcdef abcd abc
  welcome admin administrator root user guest login letmein changeme default secret master access test testing demo temp system server manager hospital xiangya clinic doctor nurse
  iloveyou ilove love woaini woaiwojia wodemima aini baobao baby princess sunshine football baseball basketball superman batman starwars pokemon dragon monkey tiger shadow michael
  jordan charlie summer winter spring autumn january february march april june july august september october november december monday friday hello world computer internet
  trustno whatever freedom flower cookie cheese google facebook tencent alibaba taobao weixin wechat huawei xiaomi zhangwei wangwei liwei wang zhang li liu chen yang huang zhao
  forms xiangyaforms company china changsha hunan beijing shanghai qianwan nihao nihaoma aaa zzz xxx`.split(/\s+/).sort((a, b) => b.length - a.length);

const disguises: readonly (readonly [RegExp, string])[] = [[/[@4]/g, 'a'], [/[!1|]/g, 'i'], [/0/g, 'o'], [/[$5]/g, 's'], [/3/g, 'e'], [/7/g, 't']];

/** @throws Problem `password-refused`, which names the rules that are broken and never the password */
export function requireGoodPassword(policy: PasswordPolicy, password: string, names: readonly string[], pointer = '/newPassword'): void {
  const broken = rulesBroken(policy, password, names);
  if (broken.length > 0) fail('password-refused', broken.map((detail): FieldError => ({ pointer, detail })), { rules: broken });
}

export type PasswordRule = 'too-short' | 'too-plain' | 'too-common';

export function rulesBroken({ least, isMixed }: PasswordPolicy, password: string, names: readonly string[]): PasswordRule[] {
  const characters = [...password];
  const kinds = [/\p{Ll}|\p{Lo}/u, /\p{Lu}/u, /\d/, /[^\p{L}\d]/u].filter((kind) => kind.test(password)).length;
  return [
    ...(characters.length < least ? ['too-short' as const] : []),
    ...(isMixed && kinds < 3 ? ['too-plain' as const] : []),
    ...(isCommon(password, names) ? ['too-common' as const] : []),
  ];
}

/** Of what is left when everything well known is struck out there must be something to guess. */
const leastLeft = 4;

export function isCommon(password: string, names: readonly string[] = []): boolean {
  const plain = password.normalize('NFKC').toLowerCase();
  const undisguised = disguises.reduce((text, [sign, letter]) => text.replace(sign, letter), plain);
  const lettersOnly = plain.replace(/[^\p{L}]/gu, '');
  const own = names.flatMap((name) => name.toLowerCase().split(/[^\p{L}\p{N}]+/u)).filter((part) => [...part].length >= 2);
  if ([plain, undisguised].every((text) => isLongAndMixed(text, own))) return false;
  return [plain, undisguised, lettersOnly].some((text) => isRepetition(text) || left(text, own) < leastLeft);
}

const isRepetition = (text: string): boolean => /^(.{1,4}?)\1+.{0,3}$/su.test(text);

/** What a generator writes (a UUID, hexadecimal, Base32) has few letters of its own, and is hard to guess for its length. */
function isLongAndMixed(text: string, own: readonly string[]): boolean {
  const rest = [...remains(text, own).replace(/[^\p{L}\p{N}]/gu, '')];
  return rest.length >= 14 && new Set(rest).size >= 8 && new Set(rest.filter((character) => /\p{L}/u.test(character))).size >= 2 && !isRepetition(text);
}

/** How many different characters are left without words, digits, signs and runs. */
function left(text: string, own: readonly string[]): number {
  return new Set(remains(text, own).replace(/[^\p{L}]/gu, '')).size;
}

/** The text with every word and run struck out. */
function remains(text: string, own: readonly string[]): string {
  const words = [...own].sort((a, b) => b.length - a.length).concat(commonest);
  return withoutRuns(words.reduce((rest, word) => rest.replaceAll(word, ' '), text));
}

/** Takes out rows of three and more characters that follow each other, up or down: `cdef`, `321`. */
function withoutRuns(text: string): string {
  const points = [...text].map((character) => character.codePointAt(0) ?? 0);
  const isInRun = points.map((_, at) => [-2, -1, 0].some((from) => [1, -1].some((step) => [0, 1].every((next) => {
    const [here, after] = [points[at + from + next], points[at + from + next + 1]];
    return here !== undefined && after !== undefined && after - here === step;
  }))));
  return [...text].map((character, at) => (isInRun[at] ? ' ' : character)).join('');
}
