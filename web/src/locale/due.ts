import type { Due } from '@/api/types'
import { t } from './index'

export type DueTone = 'green' | 'amber' | 'red' | 'suspended' | 'none'

const UNITS = {
  hours: ['due.hours-over', 'due.hours-left'],
  days: ['due.plain-days-over', 'due.plain-days-left'],
  workdays: ['due.days-over', 'due.days-left'],
} as const

/** The words of a due badge: never colour alone, the number always with its unit. */
export function dueText(due: Due | null | undefined): string {
  if (!due || due.kind === 'none' || (due.left ?? null) === null) {
    return due?.state === 'suspended' ? t('due.suspended') : t('due.none')
  }
  if (due.state === 'suspended') return t('due.suspended')
  const left = due.left ?? 0
  const hours = due.kind === 'hours'
  const [over, open] = UNITS[due.kind]
  if (left < 0) return t(over, { n: -left })
  // Due now and red: the moment has passed within the last hour or day.
  if (left === 0 && due.state === 'red' && hours) return t('due.hour-over')
  if (left === 0) return t(hours ? 'due.this-hour' : 'due.today')
  return t(open, { n: left })
}

export function dueTone(due: Due | null | undefined): DueTone {
  if (!due) return 'none'
  if (due.state === 'suspended') return 'suspended'
  if (due.kind === 'none') return 'none'
  return due.state ?? 'green'
}
