import { api, query } from '@/api/client'
import type { Page } from '@/api/types'
import type { Choice } from '@/widgets/host'
import { pick } from '@/locale'

interface PersonRow {
  id: string
  name: string
  idMasked: string | null
  villageName: string
}

interface HouseholdRow {
  id: string
  fileNo: string
  head: string
  villageName: string
}

interface Colleague {
  id: string
  name: string
  postName?: string | null
  postNameEn?: string | null
  officeName?: string | null
}

const rows = <Row>(answer: Page<Row> | Row[]): Row[] => (Array.isArray(answer) ? answer : answer.rows)
const line = (...parts: (string | null | undefined)[]) => parts.filter(Boolean).join(' · ')

/** Persons of the register by name, initials or identity number. */
export async function findPersons(q: string): Promise<Choice[]> {
  const found = rows(await api.get<Page<PersonRow> | PersonRow[]>('/api/persons' + query({ q })))
  return found.map((one) => ({ value: one.id, label: one.name, note: line(one.idMasked, one.villageName) }))
}

/** Households by their head or file number. */
export async function findHouseholds(q: string): Promise<Choice[]> {
  const found = rows(await api.get<Page<HouseholdRow> | HouseholdRow[]>('/api/households' + query({ q })))
  return found.map((one) => ({ value: one.id, label: one.head, note: line(one.fileNo, one.villageName) }))
}

/** Colleagues by name; without a name those of my own offices. */
export async function findColleagues(q: string): Promise<Choice[]> {
  const found = rows(await api.get<Page<Colleague> | Colleague[]>('/api/colleagues' + query({ q })))
  return found.map((one) => ({ value: one.id, label: one.name, note: line(one.officeName, pick(one.postName, one.postNameEn)) }))
}
