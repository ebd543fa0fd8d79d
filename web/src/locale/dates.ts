import { language, t } from './index'

/** Deadlines of the authority are Beijing time wherever the browser stands. */
export const ZONE = 'Asia/Shanghai'

/** Clocks that are not running have their due moment in this year. */
const PARKED_YEAR = '9999'

function parts(at: string): Record<string, string> {
  const format = new Intl.DateTimeFormat('en-CA', {
    timeZone: ZONE,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  })
  return Object.fromEntries(format.formatToParts(new Date(at)).map((part) => [part.type, part.value]))
}

export function isParked(at: string | null | undefined): boolean {
  return !at || at.startsWith(PARKED_YEAR)
}

/** `2026-02-15 20:00`, in the time of the authority; a dash for a clock that does not run. */
export function moment(at: string | null | undefined): string {
  if (!at || isParked(at)) return '—'
  const p = parts(at)
  return `${p.year}-${p.month}-${p.day} ${p.hour}:${p.minute}`
}

/** `2026-02-15`. A plain date is passed through: it has no time zone. */
export function day(at: string | null | undefined): string {
  if (!at || isParked(at)) return '—'
  if (/^\d{4}-\d{2}-\d{2}$/.test(at)) return at
  const p = parts(at)
  return `${p.year}-${p.month}-${p.day}`
}

/** `20:00`, for the autosave note. */
export function timeOfDay(at: string): string {
  const p = parts(at)
  return `${p.hour}:${p.minute}`
}

/** `02-15 20:00`, or with the year when it is not the year of `now`. */
export function shortMoment(at: string | null | undefined, now: string): string {
  if (!at || isParked(at)) return '—'
  const p = parts(at)
  const same = parts(now).year === p.year
  return `${same ? '' : `${p.year}-`}${p.month}-${p.day} ${p.hour}:${p.minute}`
}

const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const

/** The name of the weekday of a plain date. */
export function weekday(on: string): string {
  const index = new Date(`${on}T00:00:00Z`).getUTCDay()
  return t(`weekday.${WEEKDAYS[index] ?? 'sun'}`)
}

/** A size of a file in the unit people expect. */
export function fileSize(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`
  if (bytes < 1024 * 1024) return `${Math.round(bytes / 1024)} KB`
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`
}

export function numberText(value: number): string {
  return new Intl.NumberFormat(language.value === 'en' ? 'en-GB' : 'zh-CN').format(value)
}
