import { Problem } from '@/api/client'
import type { FieldError } from '@/api/types'
import { moment } from './dates'
import { pick, t, tOr } from './index'

/** What happened, in one sentence for the officer: the server's own words, else ours by status. */
export function problemText(error: unknown): string {
  if (!(error instanceof Problem)) {
    if (error instanceof Error) return `${t('problem.browser')} ${error.message}`
    return t('problem.browser')
  }
  const { body, status } = error
  const said = pick(body.detail, body.detailEn) || pick(body.title, body.titleEn)
  if (said) return said
  if (status === 0) return t('problem.network')
  if (status === 401) return t('problem.signed-out')
  if (status === 403) return t('problem.refused')
  if (status === 404) return t('problem.unknown')
  if (status === 409) return t('problem.overtaken')
  if (status === 413) return t('problem.too-large')
  if (status === 422) return t('problem.invalid')
  if (status === 429) return t('problem.locked')
  return t('problem.server', { status })
}

/** What stands beside the sentence: who and when, ground, clause, and whether anything was kept. */
export function problemNotes(error: unknown): string[] {
  if (!(error instanceof Problem)) return []
  const { who, at, ground, clause, saved, code } = error.body
  return [
    who ? t(at ? 'problem.who-at' : 'problem.who', { who, at: moment(at) }) : '',
    // A ground is a word of the house (relation, four-eyes) or what somebody wrote; a word that has no text is said by the sentence.
    ground && tOr(`ground.${ground}`, /^[a-z-]+$/.test(ground) ? '' : ground) ? t('problem.ground', { ground: tOr(`ground.${ground}`, ground) }) : '',
    clause ? t('problem.clause', { clause }) : '',
    saved === false ? t('problem.not-saved') : saved === true ? t('problem.saved') : '',
    error.status >= 500 && code ? t('problem.code', { code }) : '',
  ].filter((note) => note !== '')
}

export function fieldText(field: FieldError): string {
  return pick(field.message, field.messageEn)
}
