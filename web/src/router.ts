import { createRouter, createWebHistory, type RouteRecordRaw } from 'vue-router'
import { useSession } from '@/composables/use-session'
import { t, type TextKey } from '@/locale'

declare module 'vue-router' {
  interface RouteMeta {
    title?: TextKey
    /** Reachable without a session. */
    open?: boolean
    administrator?: boolean
    /** For auditors and supervisors, not for administrators: who runs the installation does not watch herself. */
    auditor?: boolean
  }
}

const routes: RouteRecordRaw[] = [
  { path: '/', redirect: '/inbox' },
  { path: '/sign-in', component: () => import('@/pages/SignInPage.vue'), meta: { title: 'page.sign-in', open: true } },
  { path: '/inbox', component: () => import('@/pages/InboxPage.vue'), meta: { title: 'page.inbox' } },
  { path: '/tasks/:id', component: () => import('@/pages/TaskPage.vue'), props: true, meta: { title: 'page.task' } },
  { path: '/start', component: () => import('@/pages/StartPage.vue'), meta: { title: 'page.start' } },
  { path: '/start/:procedure', component: () => import('@/pages/StartProcedurePage.vue'), props: true, meta: { title: 'page.start' } },
  { path: '/cases/:no/:tab?', component: () => import('@/pages/CasePage.vue'), props: true, meta: { title: 'page.case' } },
  { path: '/search', component: () => import('@/pages/SearchPage.vue'), meta: { title: 'page.search' } },
  { path: '/households/:id', component: () => import('@/pages/HouseholdPage.vue'), props: true, meta: { title: 'page.household' } },
  { path: '/ledgers/:code?', component: () => import('@/pages/LedgersPage.vue'), props: true, meta: { title: 'page.ledgers' } },
  { path: '/me', component: () => import('@/pages/MePage.vue'), meta: { title: 'page.me' } },
  { path: '/admin', redirect: '/admin/definitions' },
  { path: '/admin/deploy', component: () => import('@/pages/admin/DeployPage.vue'), meta: { title: 'page.deploy', administrator: true } },
  { path: '/admin/definitions', component: () => import('@/pages/admin/DefinitionsPage.vue'), meta: { title: 'page.definitions', administrator: true } },
  { path: '/admin/definitions/:id', component: () => import('@/pages/admin/DefinitionPage.vue'), props: true, meta: { title: 'page.definitions', administrator: true } },
  { path: '/admin/incidents', component: () => import('@/pages/admin/IncidentsPage.vue'), meta: { title: 'page.incidents', administrator: true } },
  { path: '/admin/people', component: () => import('@/pages/admin/PeoplePage.vue'), meta: { title: 'page.people', administrator: true } },
  { path: '/audit', component: () => import('@/pages/AuditPage.vue'), meta: { title: 'page.audit', auditor: true } },
  { path: '/:rest(.*)*', component: () => import('@/pages/NotFoundPage.vue'), meta: { title: 'page.not-found', open: true } },
]

export const router = createRouter({
  history: createWebHistory(),
  routes,
  scrollBehavior: (to, from, saved) => saved ?? (to.path === from.path ? undefined : { top: 0 }),
})

router.beforeEach(async (to) => {
  const session = useSession()
  if (!session.known.value) await session.load()
  if (!to.meta.open && !session.me.value) return { path: '/sign-in', query: { to: to.fullPath } }
  if (to.path === '/sign-in' && session.me.value) return '/inbox'
  if (to.meta.administrator && !session.me.value?.administrator) return '/inbox'
  if (to.meta.auditor && !session.me.value?.auditor) return '/inbox'
  return true
})

router.afterEach((to) => {
  document.title = `${t(to.meta.title ?? 'page.inbox')} · ${t('app.name')}`
})
