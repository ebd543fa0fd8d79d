import type { FieldError } from '@/api/types'

/** Errors as form-js keeps them: by field id; inside dynamic lists as nested arrays by row. */
export type ErrorTree = { [key: string]: unknown }

/** The first sentence of an entry of the tree. */
export function firstMessage(entry: unknown): string | null {
  if (typeof entry === 'string') return entry
  if (Array.isArray(entry) || (entry && typeof entry === 'object')) {
    for (const inner of Object.values(entry as object)) {
      const message = firstMessage(inner)
      if (message) return message
    }
  }
  return null
}

/** The tree with one more sentence; `rows` are the row numbers when the field stands in dynamic lists. */
export function withError(errors: ErrorTree, id: string, rows: number[], message: string): ErrorTree {
  const tree = structuredClone(errors)
  if (rows.length === 0) {
    tree[id] = [message]
    return tree
  }
  let level = (tree[id] ??= []) as unknown[]
  rows.forEach((row, depth) => {
    if (depth === rows.length - 1) level[row] = [message]
    else level = (level[row] ??= []) as unknown[]
  })
  return tree
}

export function stepsOf(path: FieldError['path']): string[] {
  if (Array.isArray(path)) return path.map(String)
  return typeof path === 'string' ? path.split(/[.[\]]+/).filter((step) => step !== '') : []
}

/** The row numbers in the path of a server's error: `members.0.income` or `["members", 0, "income"]`. */
export function rowsOf(path: FieldError['path']): number[] {
  return stepsOf(path).filter((step) => /^\d+$/.test(step)).map(Number)
}
