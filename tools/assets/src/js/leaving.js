// A form with data-guard asks before the page is left with something typed and not sent; one that saves itself is waited
// for: a link that is followed meanwhile goes on as soon as the last words are acknowledged.
const PATIENCE = 5_000
const typed = new Map()
const sent = new Map()
const guarded = event => event.target.closest?.('form[data-guard]')

document.addEventListener('input', event => {
  const form = guarded(event)
  if (form) typed.set(form, (typed.get(form) ?? 0) + 1)
})
document.addEventListener('submit', event => {
  const form = guarded(event)
  if (form) typed.delete(form)
})
// What was typed after a request had left is not in its answer.
document.addEventListener('htmx:before:request', event => {
  const source = event.detail.ctx?.sourceElement
  const form = source?.matches?.('form') ? source : source?.form
  if (form) sent.set(form, typed.get(form))
})
document.addEventListener('vivaio:saved', event => {
  const form = guarded(event)
  if (form && typed.get(form) === sent.get(form)) typed.delete(form)
})

const unsaved = () => [...typed.keys()].filter(form => form.isConnected)
const savesItself = () => unsaved().some(form => form.matches('[data-autosave]'))

document.addEventListener('click', event => {
  const link = event.target.closest?.('a[href]')
  if (!link || link.target || link.hasAttribute('download') || link.getAttribute('href').startsWith('#')) return
  if (event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || !savesItself()) return
  event.preventDefault()
  const until = Date.now() + PATIENCE
  const go = () => {
    if (savesItself() && Date.now() < until) setTimeout(go, 50)
    else location.assign(link.href)
  }
  go()
})
addEventListener('beforeunload', event => {
  if (unsaved().length) event.preventDefault()
})
