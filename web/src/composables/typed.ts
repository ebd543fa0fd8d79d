import { useSession } from './use-session'
import type { Answers } from '@/api/types'

const PREFIX = 'yimen.typed.'

/**
 * What is typed and not yet with the server, kept in this tab: it survives a reload and a lost connection, ends with the tab
 * and with signing out, and belongs to the person who typed it.
 */
export function typedAt(place: string) {
  const key = () => `${PREFIX}${useSession().me.value?.staff.id ?? ''}.${place}`
  return {
    keep: (answers: Answers) => sessionStorage.setItem(key(), JSON.stringify(answers)),
    before(): Answers | null {
      const text = sessionStorage.getItem(key())
      return text ? (JSON.parse(text) as Answers) : null
    },
    forget: () => sessionStorage.removeItem(key()),
  }
}

/** Leaves nothing typed behind for whoever signs in next. */
export function forgetAllTyped(): void {
  for (const key of Object.keys(sessionStorage)) if (key.startsWith(PREFIX)) sessionStorage.removeItem(key)
}
