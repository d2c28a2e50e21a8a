// Every htmx request carries the CSRF token; what goes wrong is said without losing what was typed.
const alerts = () => document.getElementById('alerts')

document.addEventListener('htmx:config:request', event => {
  const token = document.querySelector('meta[name=csrf-token]')
  if (token) event.detail.ctx.request.headers['X-CSRFToken'] = token.content
})

document.addEventListener('htmx:before:request', event => {
  alerts()?.replaceChildren()
  event.detail.ctx.target?.setAttribute?.('aria-busy', 'true')
})

document.addEventListener('htmx:finally:request', event => {
  event.detail.ctx.target?.removeAttribute?.('aria-busy')
})

// An error fragment goes to the alerts, wherever the request was aimed: the form stays as it is.
document.addEventListener('htmx:before:swap', event => {
  for (const task of event.detail.tasks) {
    if (task.type !== 'main' || !task.fragment.querySelector('[data-error-fragment]')) continue
    event.detail.ctx.target = alerts()
    task.target = alerts()
    task.swapSpec = { style: 'innerHTML' }
  }
})

// A second factor is asked for first: the form is sent again as a page, which keeps every field and asks.
document.addEventListener('htmx:after:request', event => {
  const { ctx } = event.detail
  const form = ctx.sourceElement?.closest?.('form')
  if (!form || ctx.response.headers.get('Session-Confirm') !== 'form') return
  event.preventDefault()
  const pressed = ctx.sourceEvent?.submitter
  if (pressed?.name) {
    const field = Object.assign(document.createElement('input'), { type: 'hidden', name: pressed.name, value: pressed.value })
    form.append(field)
  }
  HTMLFormElement.prototype.submit.call(form)
})

// The request never arrived.
document.addEventListener('htmx:error', event => {
  if (event.detail.ctx?.sourceElement?.hasAttribute?.('data-autosave')) return
  const text = document.createElement('p')
  text.textContent = document.body.dataset.textOffline
  alerts()?.replaceChildren(text)
})
