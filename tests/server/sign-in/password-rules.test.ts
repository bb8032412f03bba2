import { describe, expect, test } from 'vitest';
import { rulesBroken } from '../../../server/services/password-rules.ts';
import { passwordPolicies } from '../../../server/services/policy.ts';

const { asvs, mlps } = passwordPolicies;

describe('a new password', () => {
  // Those of twelve characters and more that stand in every list of leaked ones, and what people make of them.
  test.for([
    'password1234', 'Password123!', 'P@ssw0rd2026', 'passwordpassword', 'qwertyuiop123', '1q2w3e4r5t6y', 'qwerty123456', 'asdfghjkl123', '123456789012', '111111111111', 'aaaaaaaaaaaa', 'abcdefghijkl',
    'iloveyou1234', 'welcome12345', 'Admin@123456', 'administrator', 'letmein12345', 'changeme2026', 'woaini520131', 'woaini1314520', 'zhang19850102', 'xiangya2026!', 'XiangYa@2026', 'hospital1234', 'qazwsxedc123',
    'abc123abc123', 'abababababab', '1qaz2wsx3edc', 'superman1234', 'sunshine2025', '987654321098', '密码密码密码密码密码密码', 'Monday202611!', 'football1234', 'trustno1trustno1', 'admin13800138000',
  ])('is refused when everybody uses it: %s', (password) => {
    expect(rulesBroken(asvs, password, ['nobody'])).toContain('too-common');
  });

  test.for(['correct horse battery', 'correct-horse-battery-staple', '湘江北去橘子洲头看万山红遍', 'tNq7fKx2WmBz', 'gravel teapot orbit', 'zwölf Boxkämpfer jagen', 'vR#8kLq!2xZp', '0198f3a2-7c41-7b5e-9d02-6ac1e84f37b9', '9f86d081884c7d659a2feaa0c55ad015'])('is taken when it is somebody’s own: %s', (password) => {
    expect(rulesBroken(asvs, password, ['lin', '林'])).toEqual([]);
  });

  test('is not made of the person’s own names', () => {
    expect(rulesBroken(asvs, 'Liu.Xiaomei.1985', ['liu.xiaomei', '刘晓梅'])).toEqual(['too-common']);
  });

  test.for([
    [asvs, 'tNq7fKx2WmB', ['too-short']], [asvs, 'gravel teapot orbit', []], [mlps, 'gravel teapot orbit', ['too-plain']], [mlps, 'Gravel teapot orbit', []], [mlps, 'tNq7fKx2', ['too-short']], [mlps, 'gravelteapot77', ['too-plain']],
  ] as const)('keeps to the policy: %j %s', ([policy, password, broken]) => {
    expect(rulesBroken(policy, password, [])).toEqual(broken);
  });

  test('counts characters and not the bytes of them', () => {
    expect(rulesBroken(asvs, '𠮷野家山水风月花鸟虫鱼', [])).toEqual(['too-short']);
    expect(rulesBroken(asvs, '𠮷野家山水风月花鸟虫鱼林', [])).toEqual([]);
  });
});
