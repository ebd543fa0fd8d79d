/** The shapes that `/api` answers with. Ids are strings, `…At` are ISO 8601 in UTC, `…On` are dates. */

export type Language = 'zh-CN' | 'en'

export interface FieldError {
  id: string
  path?: (string | number)[] | string | null
  message: string
  messageEn?: string | null
}

export interface ModelProblem {
  rule: string
  zh: string
  en: string
  file?: string | null
  elementId?: string | null
  elementName?: string | null
  line?: number | null
  severity?: 'error' | 'warning'
}

/** A refusal as RFC 9457 describes it, with what an officer must know: was anything kept, who was first, on what ground. */
export interface ProblemBody {
  type?: string
  title?: string
  titleEn?: string
  detail?: string
  detailEn?: string
  code?: string
  saved?: boolean
  who?: string | null
  at?: string | null
  ground?: string | null
  clause?: string | null
  fields?: FieldError[]
  problems?: ModelProblem[]
  files?: { name: string; xml: string }[]
}

export interface Post {
  post: string
  postName: string
  postNameEn?: string | null
  office: string
  officeName: string
  officeNameEn?: string | null
  tier?: string
}

export interface Me {
  staff: { id: string; name: string; login: string }
  posts: Post[]
  region: string
  administrator: boolean
  auditor: boolean
  demo: boolean
  now: string
  clockMode: 'real' | 'manual'
  language?: Language | null
}

export interface DemoPerson {
  login: string
  name: string
  posts: (Post | string)[]
}

export type DueState = 'green' | 'amber' | 'red' | 'suspended'

export interface Due {
  kind: 'workdays' | 'days' | 'hours' | 'none'
  left?: number | null
  state?: DueState | null
  provisional?: boolean
}

export interface TaskRow {
  id: string
  title: string
  titleEn?: string | null
  element: string
  caseNo: string
  procedure: string
  procedureName: string
  procedureNameEn?: string | null
  person?: string | null
  office?: string
  officeName?: string | null
  state: string
  urgent: boolean
  dueAt?: string | null
  /** The last day, where the clock counts days: its `dueAt` is that day's midnight. */
  dueOn?: string | null
  due?: Due | null
  assignee?: string | { id?: string; name?: string } | null
  offeredAt?: string | null
  /** How often a head reminded of it, and when last. */
  urged: number
  urgedAt?: string | null
  closedAt?: string | null
  clause?: string | null
}

export interface Page<Row> {
  rows: Row[]
  next?: string | null
}

export interface Clock {
  id: string
  code: string
  item?: string | null
  name: string
  nameEn?: string | null
  state: string
  startedAt?: string | null
  dueAt?: string | null
  /** The last day, where the clock counts days: its `dueAt` is that day's midnight. */
  dueOn?: string | null
  amberAt?: string | null
  due?: Due | null
  provisional?: boolean
  clause?: string | null
}

export interface Draft {
  data: Answers
  savedAt: string
}

export type Answers = Record<string, unknown>

export interface FormSchema {
  type?: string
  id?: string
  components: FormComponent[]
  schemaVersion?: number
  [key: string]: unknown
}

export interface FormComponent {
  id?: string
  key?: string
  type: string
  label?: string
  description?: string
  text?: string
  properties?: Record<string, string>
  components?: FormComponent[]
  values?: { label: string; value: unknown; labelEn?: string }[]
  [key: string]: unknown
}

export interface FormVersion {
  id: string
  version?: number
  schema: FormSchema
}

export interface TaskView {
  task: TaskRow & { version?: number; operations: string[]; document?: string | null }
  form: FormVersion | null
  data: Answers
  draft: Draft | null
  case: {
    caseNo: string
    procedure: string
    procedureName: string
    procedureNameEn?: string | null
    person?: string | null
    place?: string | null
    openedAt: string
    office?: string
    officeName?: string | null
    state: string
    clocks: Clock[]
  }
  why?: { zh: string; en: string } | null
  submitted?: Answers | null
  /** Ids of the form's fields of which the asker may not see everything. */
  masked: string[]
}

export interface NextTask {
  id: string
  title: string
  titleEn?: string | null
}

export interface Procedure {
  processId: string
  name: string
  nameEn?: string | null
  description?: string | null
  descriptionEn?: string | null
  version: number
}

export interface CaseRow {
  caseNo: string
  procedureName: string
  procedureNameEn?: string | null
  person?: string | null
  state: string
  openedAt: string
  urgent: boolean
  officeName?: string | null
}

export interface CaseOperation {
  name: string
  label: string
  labelEn?: string | null
  formId?: string | null
}

export interface CaseView {
  /** Where the case stands still until an administrator has mended something. */
  standstills: { element: string; zh: string; en: string }[]
  head: {
    caseNo: string
    processId: string
    procedureName: string
    procedureNameEn?: string | null
    version?: number
    state: string
    outcome?: string | null
    openedAt: string
    closedAt?: string | null
    officeName?: string | null
    urgent: boolean
    startedBy?: string | null
  }
  persons: { id?: string; name: string; role?: string; idMasked?: string | null; [key: string]: unknown }[]
  fields: { label: string; labelEn?: string | null; value: unknown }[]
  clocks: Clock[]
  tasks: TaskRow[]
  letters: { letterNo: string; kind: string; name: string; nameEn?: string | null; issuedAt: string; url: string }[]
  documents: { id: string; name: string; type: string; size: number; at: string }[]
  ledgers: { ledger: string; name: string; nameEn?: string | null; item?: string | null; openedOn: string; struckOn?: string | null; state: string }[]
  links: { caseNo: string; kind: string; procedureName: string; procedureNameEn?: string | null }[]
  operations: CaseOperation[]
}

export interface TimelineEntry {
  at: string
  actor?: string | null
  verb: string
  title: string
  titleEn?: string | null
  text?: string | null
  textEn?: string | null
  ground?: string | null
  clause?: string | null
  kind: string
}

export interface InstancePath {
  instanceId: string
  processId: string
  name: string
  version: number
  xml: string
  passed: string[]
  current: string[]
  incidents: string[]
}

export interface LedgerColumn {
  key: string
  name: string
  nameEn?: string | null
  type?: string
}

export interface Ledger {
  code: string
  name: string
  nameEn?: string | null
  columns: LedgerColumn[]
}

export interface LedgerRow {
  id: string
  entryNo: string
  caseNo: string | null
  item: string
  officeName: string
  openedOn: string
  struckOn: string | null
  redAt: string | null
  state: 'open' | 'overdue' | 'struck'
  values: Record<string, unknown>
}

export interface ClockExplanation {
  clock: Clock
  days: { date: string; counted: boolean; why: string; whyEn?: string | null }[]
}

export interface Definition {
  id: string
  processId: string
  name: string
  nameEn?: string | null
  version: number
  versionTag?: string | null
  deployedAt: string
  active: number
  incidents: number
  latest: boolean
}

export interface DefinitionView extends Definition {
  xml: string
  elementCounts: { elementId: string; active: number; incidents: number }[]
}

export interface DeployedResource {
  kind: string
  key: string
  version: number
  name: string
  isNew: boolean
}

export interface Deployment {
  id: string
  at: string
  name?: string | null
  by?: string | null
  resources: DeployedResource[]
}

export interface Incident {
  id: string
  caseNo?: string | null
  processId: string
  elementId: string
  elementName?: string | null
  kind: string
  zh: string
  en: string
  createdAt: string
  definitionId: string
}
