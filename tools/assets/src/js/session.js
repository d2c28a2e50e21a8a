// Two minutes before a session ends unused a dialog offers to go on, with one button (WCAG 2.2.1).
// The clock starts anew with every page and every answer of the server, in this tab or another.
const WARNING = 120
const dialog = document.getElementById('session-end')
const channel = dialog && 'BroadcastChannel' in window ? new BroadcastChannel('session') : null
let ends = 0
let last = 0

const inSeconds = seconds => Date.now() + seconds * 1000
const part = name => dialog.querySelector(name)

function goOn(until) {
  ends = until
  if (dialog.open && ends - Date.now() > WARNING * 1000) dialog.close()
}

/** The server said how long the session lasts from now. */
function heard(seconds) {
  if (!Number.isFinite(seconds)) return
  goOn(inSeconds(seconds))
  channel?.postMessage(ends)
}

function show(title, words, { over = false } = {}) {
  part('#session-end-title').textContent = title
  part('#session-end-text').textContent = words
  part('#session-extend').hidden = over || ends >= last - 1000
  part('[data-session-over]').hidden = !over
  if (!dialog.open) dialog.showModal()
}

function look() {
  const left = ends - Date.now()
  if (left <= 0) {
    if (dialog.dataset.said !== 'over') show(dialog.dataset.titleOver, dialog.dataset.textOver, { over: true })
    dialog.dataset.said = 'over'
  } else if (left <= WARNING * 1000) {
    if (dialog.dataset.said !== 'soon') {
      show(dialog.dataset.titleSoon, ends >= last - 1000 ? dialog.dataset.textLast : dialog.dataset.textSoon)
    }
    dialog.dataset.said = 'soon'
  } else {
    dialog.dataset.said = ''
  }
}

async function extend(event) {
  event.preventDefault()
  const form = event.target
  const token = document.querySelector('meta[name=csrf-token]').content
  const headers = { Accept: 'application/json', 'X-CSRFToken': token }
  const answer = await fetch(form.action, { method: 'POST', headers, credentials: 'same-origin' }).catch(() => null)
  if (answer?.ok && !answer.redirected) heard((await answer.json()).left)
  else if (answer) ends = 0
  look()
}

if (dialog) {
  dialog.dataset.titleSoon = part('#session-end-title').textContent
  dialog.dataset.textSoon = part('#session-end-text').textContent
  last = inSeconds(Number(dialog.dataset.most))
  heard(Number(dialog.dataset.left))
  if (channel) channel.onmessage = ({ data }) => goOn(data)
  part('form').addEventListener('submit', extend)
  part('[data-session-close]').addEventListener('click', () => dialog.close())
  document.addEventListener('htmx:after:request', event => {
    const seconds = event.detail.ctx.response.headers.get('Session-Ends-In')
    if (seconds !== null) heard(Number(seconds))
  })
  document.addEventListener('visibilitychange', look)
  setInterval(look, 1000)
  look()
}
