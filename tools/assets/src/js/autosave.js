// The state of an autosaved form, in words: saving…, saved 14:02, could not save: retry.
// The texts are data attributes of the element with data-save-state, so they are translated.
const QUIET = 10_000
const lastSpoken = new WeakMap()

const stateOf = form => document.querySelector(`[data-save-state="${form.id}"]`)
const clock = () => new Date().toLocaleTimeString(document.documentElement.lang, { hour: '2-digit', minute: '2-digit' })

function show(form, state) {
  const box = stateOf(form)
  if (!box) return
  const text = (box.dataset[`text${state[0].toUpperCase()}${state.slice(1)}`] ?? '').replace('{time}', clock())
  box.dataset.state = state
  box.querySelector('[data-save-text]').textContent = text
  box.querySelector('[data-save-retry]').hidden = state !== 'failed'
  speak(form, box, state, text)
}

/** Good news at most every ten seconds; a failure at once. */
function speak(form, box, state, text) {
  if (state === 'saving') return
  const now = Date.now()
  if (state === 'saved' && now - (lastSpoken.get(form) ?? 0) < QUIET) return
  lastSpoken.set(form, now)
  const region = document.getElementById(state === 'saved' ? 'status' : 'alerts')
  if (!region) return
  const line = document.createElement('p')
  line.textContent = text
  line.className = 'visually-hidden'
  region.replaceChildren(line)
}

const formOf = event => {
  const source = event.detail.ctx?.sourceElement
  return source?.matches?.('form[data-autosave]') ? source : null
}

document.addEventListener('htmx:before:request', event => {
  const form = formOf(event)
  if (form) show(form, 'saving')
})

document.addEventListener('htmx:after:request', event => {
  const form = formOf(event)
  if (!form) return
  const { status } = event.detail.ctx.response
  if (status < 400) {
    form.dispatchEvent(new CustomEvent('vivaio:saved', { bubbles: true }))
    show(form, 'saved')
  } else {
    show(form, { 401: 'signedout', 409: 'conflict' }[status] ?? 'failed')
  }
})

document.addEventListener('htmx:error', event => {
  const form = formOf(event)
  if (form) show(form, 'failed')
})

document.addEventListener('click', event => {
  const box = event.target.closest?.('[data-save-retry]')?.closest('[data-save-state]')
  const form = box && document.getElementById(box.dataset.saveState)
  form?.dispatchEvent(new Event('input', { bubbles: true }))
})
