/**
 * Draws a BPMN diagram with what happened in it. Knows bpmn-js and nothing of Vue; loaded only when a diagram is shown.
 * The bpmn.io mark at the bottom right stays visible, as its licence asks: nothing of ours is put over that corner.
 */
import NavigatedViewer from 'bpmn-js/lib/NavigatedViewer'
import 'bpmn-js/dist/assets/diagram-js.css'
import 'bpmn-js/dist/assets/bpmn-js.css'
import '@/styles/diagram.css'

export interface Note {
  elementId: string
  /** Short text on the element: a count, or the number of a problem. */
  text: string
  tone: 'active' | 'red' | 'number'
  title?: string
}

export interface Marks {
  passed?: string[]
  current?: string[]
  incidents?: string[]
  problems?: string[]
  notes?: Note[]
  /** What the view begins with, where it is not the current elements. */
  focus?: string[]
}

export interface DiagramOptions {
  container: HTMLElement
  xml: string
  marks: Marks
  /** `strip`: readable size around the current elements, the page scrolls past it. `whole`: all of it, wheel zooms. */
  view: 'strip' | 'whole'
  chosen?: (elementId: string) => void
}

export interface OpenDiagram {
  mark(marks: Marks): void
  /** Brings an element to the middle and outlines it. */
  look(elementId: string): void
  fit(): void
  zoom(factor: number): void
  name(elementId: string): string
  destroy(): void
}

interface Shape {
  id: string
  type: string
  x: number
  y: number
  width: number
  height: number
  collapsed?: boolean
  waypoints?: { x: number; y: number }[]
  businessObject?: { name?: string; sourceRef?: { id: string }; targetRef?: { id: string } }
}

interface Canvas {
  addMarker(element: string, marker: string): void
  removeMarker(element: string, marker: string): void
  zoom(): number
  zoom(level: number | 'fit-viewport', centre?: { x: number; y: number } | 'auto'): number
  viewbox(): { x: number; y: number; width: number; height: number; inner: Box; outer: { width: number; height: number } }
  viewbox(box: Box): void
  getRootElement(): unknown
}

interface Box {
  x: number
  y: number
  width: number
  height: number
}

interface Registry {
  get(id: string): Shape | undefined
  filter(test: (shape: Shape) => boolean): Shape[]
}

interface Overlays {
  add(element: string, type: string, overlay: { position: object; html: HTMLElement; scale?: object | boolean }): string
  remove(filter: { type: string }): void
}

interface EventBus {
  on(event: string, listener: (event: { element: Shape }) => void): void
}

const MARKER = { passed: 'ym-passed', current: 'ym-current', incidents: 'ym-incident', problems: 'ym-problem' } as const
const READABLE = 0.62
const LEGIBLE = 0.45
const LARGEST = 1
const MARGIN = 24

function badge(text: string, tone: string, title?: string): HTMLElement {
  const node = document.createElement('div')
  node.className = `ym-badge ym-badge-${tone}`
  node.textContent = text
  if (title) node.title = title
  return node
}

function isFrame(shape: Shape): boolean {
  return shape.type === 'bpmn:Participant' || (shape.type === 'bpmn:SubProcess' && !shape.collapsed)
}

export async function openDiagram(options: DiagramOptions): Promise<OpenDiagram> {
  const viewer = new NavigatedViewer({
    container: options.container,
    ...(options.view === 'strip' ? { zoomScroll: { enabled: false } } : {}),
  })
  await viewer.importXML(options.xml)
  const canvas = viewer.get<Canvas>('canvas')
  const registry = viewer.get<Registry>('elementRegistry')
  const overlays = viewer.get<Overlays>('overlays')
  let applied: [string, string][] = []
  let looked: string | null = null

  const put = (id: string, marker: string) => {
    const shape = registry.get(id)
    if (!shape) return
    // The frame of an opened sub-process holds other elements: only its edge is coloured.
    const put = isFrame(shape) ? `${marker}-frame` : marker
    canvas.addMarker(id, put)
    applied.push([id, put])
  }

  function mark(marks: Marks): void {
    for (const [id, marker] of applied) canvas.removeMarker(id, marker)
    applied = []
    overlays.remove({ type: 'ym' })
    const reached = new Set([...(marks.passed ?? []), ...(marks.current ?? [])])
    const passed = new Set(marks.passed ?? [])
    const current = new Set(marks.current ?? [])
    for (const key of ['passed', 'current', 'incidents', 'problems'] as const) {
      for (const id of marks[key] ?? []) if (key !== 'passed' || !current.has(id)) put(id, MARKER[key])
    }
    const flows = registry.filter(
      (shape) =>
        shape.type === 'bpmn:SequenceFlow' &&
        passed.has(shape.businessObject?.sourceRef?.id ?? '') &&
        reached.has(shape.businessObject?.targetRef?.id ?? ''),
    )
    for (const flow of flows) put(flow.id, 'ym-flow-passed')
    for (const id of passed) {
      const shape = registry.get(id)
      if (!shape || current.has(id) || shape.waypoints || shape.width < 60 || isFrame(shape)) continue
      overlays.add(id, 'ym', { position: { top: -9, right: 9 }, html: badge('✓', 'passed') })
    }
    for (const id of current) {
      const shape = registry.get(id)
      if (shape && !isFrame(shape)) overlays.add(id, 'ym', { position: { top: -9, right: 9 }, html: badge('●', 'current') })
    }
    for (const note of marks.notes ?? []) {
      if (!registry.get(note.elementId)) continue
      const position = note.tone === 'red' || note.tone === 'number' ? { bottom: 10, right: 10 } : { bottom: 10, left: -10 }
      // Numbers must be readable when the whole diagram is in view, so they keep their size.
      overlays.add(note.elementId, 'ym', { position, html: badge(note.text, note.tone, note.title), scale: { min: 1, max: 1 } })
    }
  }

  /** All of the diagram. */
  function fit(): number {
    const scale = canvas.zoom('fit-viewport', 'auto')
    return scale > LARGEST ? canvas.zoom(LARGEST, 'auto') : scale
  }

  /** All of the diagram when it is readable so; else a readable size around the elements that count. */
  function begin(): void {
    if (options.container.clientWidth === 0) return
    const scale = fit()
    const marks = [...(lastMarks.focus ?? []), ...(lastMarks.current ?? []), ...(lastMarks.problems ?? []), ...(lastMarks.incidents ?? [])]
    const focus = (marks.length > 0 ? marks : (lastMarks.passed ?? []).slice(-1))
      .map((id) => registry.get(id))
      .filter((shape): shape is Shape => shape !== undefined && !shape.waypoints && !isFrame(shape))
    const enough = options.view === 'strip' ? READABLE : LEGIBLE
    // An overview of counts is looked at as a whole first.
    const overview = options.view === 'whole' && (lastMarks.notes ?? []).some((note) => note.tone === 'active')
    if (scale < enough && focus[0] && !overview) centre(focus[0], READABLE)
  }

  function centre(shape: Shape, scale: number): void {
    const { outer, inner } = canvas.viewbox()
    const width = outer.width / scale
    const height = outer.height / scale
    const middleX = shape.x + shape.width / 2
    const middleY = shape.y + shape.height / 2
    // A little more of what came before than of what follows, and no empty margin where the diagram ends.
    let x = middleX - width * 0.55
    x = Math.min(Math.max(x, inner.x - MARGIN), Math.max(inner.x - MARGIN, inner.x + inner.width + MARGIN - width))
    canvas.viewbox({ x, y: middleY - height / 2, width, height })
  }

  let lastMarks = options.marks
  mark(options.marks)
  begin()
  if (options.chosen) {
    viewer.get<EventBus>('eventBus').on('element.click', (event) => options.chosen?.(event.element.id))
  }
  let width = options.container.clientWidth
  const observer = new ResizeObserver(() => {
    // A page that grows taller must not take the view away from where one has moved it.
    if (options.container.clientWidth === width) return
    width = options.container.clientWidth
    viewer.get<{ resized(): void }>('canvas').resized()
    begin()
  })
  observer.observe(options.container)

  return {
    mark(marks) {
      lastMarks = marks
      mark(marks)
    },
    look(elementId) {
      const shape = registry.get(elementId)
      if (looked) canvas.removeMarker(looked, 'ym-looked')
      looked = null
      if (!shape) return
      canvas.addMarker(elementId, 'ym-looked')
      looked = elementId
      if (!shape.waypoints) centre(shape, Math.max(canvas.zoom(), READABLE))
    },
    fit: () => void fit(),
    zoom(factor) {
      canvas.zoom(Math.min(3, Math.max(0.15, canvas.zoom() * factor)), 'auto')
    },
    name: (elementId) => registry.get(elementId)?.businessObject?.name ?? elementId,
    destroy() {
      observer.disconnect()
      viewer.destroy()
    },
  }
}
