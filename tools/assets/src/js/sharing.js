// [data-share] and [data-print]: buttons that only work with scripts, so they are shown by this one.
// <span data-instant data-zone data-text>: the same instant on the visitor's own clock, where it shows another hour.
function status(text) {
  const node = document.getElementById('status')
  if (node) node.textContent = text
}

async function share(button) {
  const { share: url, title, textCopied } = button.dataset
  if (navigator.share) return navigator.share({ title, url }).catch(() => {})
  await navigator.clipboard.writeText(url)
  status(textCopied)
}

function onClock(node) {
  const { instant, zone, text } = node.dataset
  const at = new Date(instant)
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone
  const shape = { weekday: 'long', day: 'numeric', month: 'long', hour: '2-digit', minute: '2-digit' }
  const write = timeZone => new Intl.DateTimeFormat(document.documentElement.lang, { ...shape, timeZone }).format(at)
  if (Number.isNaN(at.getTime()) || write(own) === write(zone)) return
  node.textContent = text.replace('{time}', write(own)).replace('{zone}', own)
  node.hidden = false
}

function begin() {
  for (const button of document.querySelectorAll('[data-share], [data-print]')) button.hidden = false
  for (const node of document.querySelectorAll('[data-instant]')) onClock(node)
}
document.addEventListener('click', event => {
  const button = event.target.closest?.('[data-share], [data-print]')
  if (!button) return
  if (button.hasAttribute('data-print')) window.print()
  else share(button)
})
begin()
document.addEventListener('htmx:after:swap', begin)
