import { expect, test } from 'vitest';
import { accountWords } from '../../client/text/account.ts';
import { formWords } from '../../client/text/form.ts';
import { knownWords } from '../../client/text/known.ts';
import { protocolWords } from '../../client/text/protocol.ts';
import { shellWords } from '../../client/text/shell.ts';

const all = [...Object.entries(formWords), ...Object.entries(shellWords), ...Object.entries(knownWords), ...Object.entries(protocolWords), ...Object.entries(accountWords)];
const params = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();

test('every word stands in both languages', () => {
  expect(all.filter(([, [zh, en]]) => !zh.trim() || !en.trim()).map(([key]) => key)).toEqual([]);
});

test('both languages fill in the same', () => {
  expect(all.filter(([, [zh, en]]) => params(zh).join() !== params(en).join()).map(([key]) => key)).toEqual([]);
});

test('no word of one area hides one of another', () => {
  expect(Object.keys(formWords).filter((key) => key in shellWords)).toEqual([]);
  expect(Object.keys(knownWords).filter((key) => key in shellWords || key in formWords)).toEqual([]);
  expect(Object.keys(accountWords).filter((key) => key in shellWords || key in formWords || key in knownWords)).toEqual([]);
  expect(Object.keys(protocolWords).filter((key) => key in shellWords || key in formWords || key in knownWords)).toEqual([]);
});
