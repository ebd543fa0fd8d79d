import { api, query } from '@/api/client'
import type { Page } from '@/api/types'
import type { Choice, WidgetHost } from '@/widgets/host'
import { moment } from '@/locale/dates'
import { problemText } from '@/locale/problems'
import { pick, t } from '@/locale'
import { useSession } from './use-session'

interface PersonRow {
  id: string
  name: string
  idMasked?: string
  village?: string
}

interface HouseholdRow {
  id: string
  fileNo: string
  head: string
  villageName?: string
}

interface Uploaded {
  id: string
  name: string
  type: string
  size: number
}

const rows = <Row>(answer: Page<Row> | Row[]): Row[] => (Array.isArray(answer) ? answer : answer.rows)

/** What the widgets of a form may ask of the page around them. */
export function useWidgetHost(caseNo: () => string): WidgetHost {
  const { me, now } = useSession()
  return {
    words: (key, values) => t(`widget.${key}`, values),
    signer: () => ({ name: me.value?.staff.name ?? '', at: moment(now.value) }),
    fileUrl: (documentId) => `/api/documents/${encodeURIComponent(documentId)}`,
    problem: problemText,
    async upload(file) {
      const body = new FormData()
      body.append('file', file)
      if (caseNo()) body.append('caseNo', caseNo())
      const kept = await api.post<Uploaded>('/api/documents', body)
      return { documentId: kept.id, metadata: { fileName: kept.name, contentType: kept.type, size: kept.size } }
    },
    async persons(q) {
      const found = rows(await api.get<Page<PersonRow> | PersonRow[]>('/api/persons' + query({ q })))
      return found.map((one): Choice => ({ value: one.id, label: one.name, note: one.idMasked ?? one.village }))
    },
    async households(q) {
      const found = rows(await api.get<Page<HouseholdRow> | HouseholdRow[]>('/api/households' + query({ q })))
      return found.map((one): Choice => ({ value: one.id, label: one.head, note: [one.fileNo, one.villageName].filter(Boolean).join(' · ') }))
    },
    async posts() {
      const own = me.value?.posts ?? []
      return own.map((one): Choice => ({ value: one.post, label: pick(one.postName, one.postNameEn) }))
    },
  }
}
