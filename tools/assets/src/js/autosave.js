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

// A button inside (of rows, of files) saves the form too.
const formOf = event => {
  const source = event.detail.ctx?.sourceElement
  return (source?.matches?.('form') ? source : source?.form)?.closest?.('form[data-autosave]') ?? null
}

/** A request that waited its turn is filled again: the text as it is now, the versions that the last answer brought. */
function refresh(ctx, form) {
  const earlier = ctx.request.body
  const body = new FormData(form)
  if (ctx.sourceElement === form) {
    for (const [name, value] of [...body]) if (value instanceof File) body.delete(name)
    body.set('idempotency_key', earlier.get('idempotency_key') ?? '')
    ctx.request.body = new URLSearchParams(body)
    return
  }
  const { name, value } = ctx.sourceElement
  if (name) body.append(name, value)
  ctx.request.body = earlier instanceof FormData ? body : new URLSearchParams(body)
}

document.addEventListener('htmx:before:request', event => {
  const form = formOf(event)
  if (!form || !(event.detail.ctx.request.body instanceof Object)) return
  if (!event.detail.ctx.sourceElement.isConnected) {
    event.preventDefault()
    return
  }
  refresh(event.detail.ctx, form)
  show(form, 'saving')
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
