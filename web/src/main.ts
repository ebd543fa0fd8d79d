import { createApp } from 'vue'
import App from './App.vue'
import { useElementPlus } from './element'
import { language } from './locale'
import { router } from './router'
// Ours comes last: it darkens what Element Plus sets.
import './styles/tokens.css'
import './styles/base.css'

document.documentElement.lang = language.value
const app = createApp(App)
useElementPlus(app)
app.use(router)
app.mount('#app')
