/** The words of what is known besides records: who a patient is and was, a visit's details, the people who are named. */
import type { WordList } from './index.ts';

export const knownWords = {
  // a bound item that is not known yet
  'known.add': ['未知，补充', 'not known, add'],

  // people in forms
  'person.me': ['我：{name}', 'Me: {name}'],
  'person.me-words': ['我', 'me'],
  'person.placeholder': ['输入姓名查找人员', 'Type a name to find a person'],
  'person.unknown': ['未知人员（{id}）', 'Unknown person ({id})'],
  'person.loading': ['正在读取姓名…', 'Reading the name…'],

  // who the patient is
  'identity.how': ['这是什么样的改动？', 'What kind of change is this?'],
  'identity.correct': ['补充或更正：所有日期都是这样', 'An addition or correction: so for all days'],
  'identity.since': ['变更：从某一天起是这样，此前的记录保留当时的内容', 'A change: so from a day on; earlier records keep what held then'],
  'identity.from': ['从哪一天起', 'From which day'],
  'identity.birth-date': ['出生日期始终按更正处理。', 'A date of birth is always a correction.'],
  'identity.history': ['以前的内容', 'What stood here before'],
  'identity.history.none': ['没有改动过。', 'Nothing was ever changed.'],
  'identity.history.all-days': ['所有日期', 'all days'],
  'identity.history.cleared': ['已清除', 'cleared'],
  'identity.history.said': ['{at}，{by}', '{at}, {by}'],

  // who came to know it
  'accesses': ['谁看过身份信息', 'Who saw what identifies'],
  'accesses.lead': ['按时间从新到旧。导出涉及全院患者，此患者可能在内。', 'Newest first. An export is of the whole hospital, this patient perhaps among them.'],
  'accesses.none': ['没有人看过。', 'Nobody has seen any of it.'],
  'accesses.at': ['时间', 'When'],
  'accesses.by': ['人员', 'Who'],
  'accesses.what': ['内容', 'What'],
  'accesses.more': ['显示更多', 'Show more'],
  'accesses.command-line': ['命令行', 'Command line'],
  'accesses.subject.read-identifiers': ['查看身份信息', 'Read identifiers'],
  'accesses.visit.read-details': ['查看就诊号码', 'Read numbers of a visit'],
  'accesses.image.read': ['查看原图', 'Opened a picture'],
  'accesses.subject.search': ['按身份信息查到此患者', 'Found this patient by an identifier'],
  'accesses.export.run': ['导出数据', 'Exported data'],

  // a visit
  'visit.details': ['就诊信息', 'About the visit'],
  'visit.details.of': ['就诊信息：{visit}', 'About the visit: {visit}'],
  'visit.details.lead': ['各表从这里显示号码、科室、床位和时间，只需填写一次。号码加密保存。', 'Forms show numbers, department, bed and times from here, so they are entered once. Numbers are stored encrypted.'],
  'visit.details.save': ['保存就诊信息', 'Save'],
  'none.visit-details': ['还没有填写', 'Nothing is known yet'],
  'visit.details.open': ['查看和填写', 'See and fill in'],
  'visit.details.see': ['查看', 'See'],
  'visit.how.whole': ['补充或更正：整个就诊期间都是这样', 'An addition or correction: so for the whole visit'],
  'visit.how.since': ['变更：从某一时刻起（如转科、转床）', 'A change: so from a time on (moved to another ward or bed)'],
  'visit.from': ['从什么时候起', 'From when'],
  'visit.states': ['变更经过', 'How it changed'],
  'visit.states.first': ['起初', 'at first'],
  'visit.outpatientNumber': ['门（急）诊号', 'Outpatient number'],
  'visit.inpatientNumber': ['住院号', 'Inpatient number'],
  'visit.department': ['科室', 'Department'],
  'visit.ward': ['病区', 'Ward'],
  'visit.room': ['病房号', 'Room'],
  'visit.bed': ['病床号', 'Bed'],
  'visit.admittedAt': ['入院日期时间', 'Admitted at'],
  'visit.dischargedAt': ['出院日期时间', 'Discharged at'],
  'visit.admissionCount': ['第几次住院', 'Which admission'],

  // people and sites
  'people.staff.add': ['添加不登录的人员', 'Add somebody who never signs in'],
  'people.staff.help': ['用于在表单中选择姓名，如手术医师。此人不能登录。', 'To be named in forms, as a surgeon. This person cannot sign in.'],
  'people.no-sign-in': ['不登录', 'never signs in'],
  'people.edit': ['修改', 'Change'],
  'people.edit-of': ['修改 {name}', 'Change {name}'],
  'people.edit.save': ['保存', 'Save'],
  'people.from': ['新姓名从哪一天起', 'New name from which day'],
  'people.from.help': ['留空为更正写错的姓名；填写日期后，以前的记录仍显示原姓名。', 'Leave empty to correct a misspelt name; with a day, earlier records keep the name of then.'],
  'site.organisationCode': ['组织机构代码', 'Organisation code'],
  'site.organisationCode.help': ['WS 218 登记的代码或统一社会信用代码；表单和导出用它标明机构', 'As registered (WS 218), or the unified social credit code; forms and exports name the institution by it'],
  'sites.edit-of': ['修改 {name}', 'Change {name}'],
} as const satisfies WordList;
