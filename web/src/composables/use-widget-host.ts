import { api } from '@/api/client'
import type { Choice, WidgetHost } from '@/widgets/host'
import { moment } from '@/locale/dates'
import { problemText } from '@/locale/problems'
import { pick, t } from '@/locale'
import { findColleagues, findHouseholds } from './use-finders'
import { useSession } from './use-session'

interface Uploaded {
  id: string
  name: string
  type: string
  size: number
}

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
    colleagues: findColleagues,
    households: findHouseholds,
    async posts() {
      const own = me.value?.posts ?? []
      return own.map((one): Choice => ({ value: one.post, label: pick(one.postName, one.postNameEn) }))
    },
  }
}
