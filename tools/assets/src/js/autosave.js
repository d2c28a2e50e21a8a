// Saving while one types. What could not be saved stays in the page and is sent again by itself: after a moment where
// the line or the portal failed, as soon as somebody has signed in again where the session had ended.
// Nothing is written on the device: a shared computer keeps no draft of anybody.
import { show, shown } from './savestate.js'

const BROKEN = new Set([408, 425, 429, 500, 502, 503, 504])
const FIRST = 2
const LONGEST = 60
const LOOK_AGAIN = 20_000
const forms = () => document.querySelectorAll('form[data-autosave]')
const tries = new WeakMap() // form -> { count, left, timer } while it waits to be sent again
const typedAt = new WeakMap()
const sentAt = new WeakMap()
const renewed = new WeakSet()

const save = form => form.dispatchEvent(new CustomEvent('vivaio:save'))

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

/** Two seconds, four, eight, up to a minute; never before the portal asked for. */
function sendAgainLater(form, asked = 0) {
  const { count = 0, timer } = tries.get(form) ?? {}
  clearInterval(timer)
  const wait = { count: count + 1, left: Math.max(Math.min(FIRST * 2 ** count, LONGEST), asked) }
  wait.timer = setInterval(() => {
    wait.left -= 1
    if (wait.left > 0) return show(form, 'waiting', wait.left)
    sendNow(form)
  }, 1000)
  tries.set(form, wait)
  show(form, 'waiting', wait.left)
}

function sendNow(form) {
  clearInterval(tries.get(form)?.timer)
  if (form.isConnected) save(form)
}

function settled(form) {
  clearInterval(tries.get(form)?.timer)
  tries.delete(form)
}

/** The token of the page as it is now: the cookie that it belongs to was lost. Only for the same person. */
async function renewToken(form) {
  const answer = await fetch(location.href, { credentials: 'same-origin' }).catch(() => null)
  if (!answer?.ok || answer.redirected) return false
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html')
  const token = page.querySelector('meta[name=csrf-token]')?.content
  const nameOf = root => root.querySelector('.v-who-name')?.textContent
  if (!token || nameOf(page) !== nameOf(document)) return false
  document.querySelector('meta[name=csrf-token]').content = token
  for (const field of document.querySelectorAll('input[name=csrf_token]')) field.value = token
  save(form)
  return true
}

function saved(form) {
  settled(form)
  renewed.delete(form)
  if ((typedAt.get(form) ?? 0) <= (sentAt.get(form) ?? 0)) form.dispatchEvent(new CustomEvent('vivaio:saved', { bubbles: true }))
  show(form, 'saved')
}

async function notSaved(event, form, { status, headers }) {
  if (BROKEN.has(status)) {
    event.preventDefault()
    return sendAgainLater(form, Number(headers.get('Retry-After')) || 0)
  }
  settled(form)
  if (status === 401) {
    event.preventDefault()
    return show(form, 'signedout')
  }
  if (status === 400 && !renewed.has(form)) {
    renewed.add(form)
    event.preventDefault()
    if (await renewToken(form)) return undefined
  }
  const isRefused = event.detail.ctx.text?.includes('data-error-fragment')
  return show(form, { 409: isRefused ? 'refused' : 'conflict', 423: 'closed' }[status] ?? 'failed')
}

document.addEventListener('htmx:before:request', event => {
  const form = formOf(event)
  if (!form || !(event.detail.ctx.request.body instanceof Object)) return
  if (!event.detail.ctx.sourceElement.isConnected) {
    event.preventDefault()
    return
  }
  refresh(event.detail.ctx, form)
  sentAt.set(form, Date.now())
  if (shown(form) !== 'signedout') show(form, 'saving')
})

document.addEventListener('htmx:after:request', event => {
  const form = formOf(event)
  if (!form) return
  const { response } = event.detail.ctx
  if (response.status < 400) saved(form)
  else notSaved(event, form, response)
})

document.addEventListener('htmx:error', event => {
  const form = formOf(event)
  if (form) sendAgainLater(form)
})

document.addEventListener('input', event => {
  const form = event.target.closest?.('form[data-autosave]')
  if (form) typedAt.set(form, Date.now())
})

document.addEventListener('click', event => {
  const box = event.target.closest?.('[data-save-retry]')?.closest('[data-save-state]')
  const form = box && document.getElementById(box.dataset.saveState)
  if (form) sendNow(form)
})

// A page left while the line is down would lose its text: the button tries again here instead.
document.addEventListener('submit', event => {
  if (!tries.has(event.target) && navigator.onLine) return
  if (!event.target.matches?.('form[data-autosave]')) return
  event.preventDefault()
  event.stopImmediatePropagation()
  sendNow(event.target)
}, true)

// Another part of the page met the end of the session.
document.addEventListener('vivaio:signedout', () => forms().forEach(form => show(form, 'signedout')))

/** Whoever signed in again in another tab comes back to this one: what they wrote is saved then. */
function lookAgain() {
  if (document.hidden) return
  for (const form of forms()) if (shown(form) === 'signedout') save(form)
}
addEventListener('focus', lookAgain)
document.addEventListener('visibilitychange', lookAgain)
setInterval(lookAgain, LOOK_AGAIN)
addEventListener('online', () => forms().forEach(form => tries.has(form) && sendNow(form)))
