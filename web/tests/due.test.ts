import { beforeEach, describe, expect, it } from 'vitest'
import type { Due } from '@/api/types'
import { switchLanguage } from '@/locale'
import { day, isParked, moment, shortMoment, weekday } from '@/locale/dates'
import { dueText, dueTone } from '@/locale/due'

const due = (given: Partial<Due>): Due => ({ kind: 'workdays', left: 0, state: 'green', provisional: false, ...given })

describe('a due badge', () => {
  beforeEach(() => switchLanguage('zh-CN'))

  it.each([
    [due({ left: 5 }), '剩 5 个工作日', 'green'],
    [due({ left: 0, state: 'amber' }), '今天到期', 'amber'],
    [due({ left: -2, state: 'red' }), '逾期 2 个工作日', 'red'],
    [due({ kind: 'days', left: 7 }), '剩 7 天', 'green'],
    [due({ kind: 'hours', left: 19 }), '剩 19 小时', 'green'],
    [due({ kind: 'hours', left: 0, state: 'amber' }), '不足 1 小时', 'amber'],
    [due({ kind: 'hours', left: 0, state: 'red' }), '刚刚逾期', 'red'],
    [due({ kind: 'hours', left: -3, state: 'red' }), '逾期 3 小时', 'red'],
    [due({ kind: 'none', left: null, state: 'suspended' }), '已中止计时', 'suspended'],
    [due({ kind: 'none', left: null, state: null }), '无时限', 'none'],
    [null, '无时限', 'none'],
  ])('%o says %s and is %s', (given, words, tone) => {
    expect([dueText(given), dueTone(given)]).toEqual([words, tone])
  })

  it('speaks English too', () => {
    switchLanguage('en')

    expect([dueText(due({ left: -1, state: 'red' })), dueText(due({ left: 3 }))]).toEqual(['1 working day over', '3 working days left'])
  })
})

describe('moments', () => {
  beforeEach(() => switchLanguage('zh-CN'))

  it('are told in the time of the authority', () => {
    expect(moment('2026-02-14T17:30:00Z')).toBe('2026-02-15 01:30')
  })

  it('of the year 9999 are clocks that do not run', () => {
    expect([isParked('9999-12-31T00:00:00Z'), moment('9999-12-31T00:00:00Z')]).toEqual([true, '—'])
  })

  it('name the year only when it is another', () => {
    expect([shortMoment('2026-02-14T12:00:00Z', '2026-03-01T00:00:00Z'), shortMoment('2025-02-14T12:00:00Z', '2026-03-01T00:00:00Z')]).toEqual([
      '02-14 20:00',
      '2025-02-14 20:00',
    ])
  })

  it('that are days stay the day that they are', () => {
    expect([day('2026-02-14'), weekday('2026-02-14')]).toEqual(['2026-02-14', '周六'])
  })
})
