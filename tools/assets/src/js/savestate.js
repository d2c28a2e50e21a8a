// The state of an autosaved form, in words: saving…, saved at 14:02, not saved: trying again in 4 s.
// The texts are data attributes of the element with data-save-state, so they are translated.
const QUIET = 10_000
const BUTTON = new Set(['failed', 'waiting'])
const lastSpoken = new WeakMap()

const stateOf = form => document.querySelector(`[data-save-state="${form.id}"]`)
const clock = () => new Date().toLocaleTimeString(document.documentElement.lang, { hour: '2-digit', minute: '2-digit' })
const wordsOf = (box, state) => box.dataset[`text${state[0].toUpperCase()}${state.slice(1)}`] ?? ''

/** What is shown now: saving, saved, failed, waiting, signedout, conflict, refused, closed. */
export const shown = form => stateOf(form)?.dataset.state

export function show(form, state, seconds = 0) {
  const box = stateOf(form)
  if (!box) return
  const isNews = box.dataset.state !== state
  const words = wordsOf(box, state)
  box.dataset.state = state
  box.querySelector('[data-save-text]').textContent = words.replace('{time}', clock()).replace('{n}', seconds)
  box.querySelector('[data-save-retry]').hidden = !BUTTON.has(state)
  const banner = document.querySelector(`[data-save-banner="${form.id}"]`)
  if (banner) banner.hidden = state !== 'signedout'
  if (isNews || state === 'saved') speak(form, state, words.replace('{time}', clock()).replace('{n}', seconds))
}

/** Good news at most every ten seconds; a failure at once, and once. */
function speak(form, state, text) {
  if (state === 'saving') return
  const now = Date.now()
  if (state === 'saved' && now - (lastSpoken.get(form) ?? 0) < QUIET) return
  lastSpoken.set(form, now)
  const region = document.getElementById(state === 'saved' ? 'status' : 'alerts')
  if (!region || region.querySelector('[data-error-fragment]')) return
  const line = document.createElement('p')
  line.textContent = text
  line.className = 'visually-hidden'
  region.replaceChildren(line)
}
