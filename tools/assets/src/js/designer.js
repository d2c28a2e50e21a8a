// The designer of calls: Alt and an arrow moves the line of the outline in focus; a link to a field puts the focus in it.
const STEPS = { ArrowUp: 'up', ArrowDown: 'down' }

document.addEventListener('keydown', event => {
  const line = event.target.closest?.('[data-move]')
  const form = document.getElementById('mover')
  if (!line || !form || !event.altKey || !STEPS[event.key]) return
  event.preventDefault()
  form.action = line.dataset.move
  form.elements.do.value = STEPS[event.key]
  form.elements.seen.value = line.dataset.seen
  form.requestSubmit()
})

/** A page that was reached by its address with #id: the focus goes there, and what was just done is read aloud. */
function arrive() {
  const place = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)))
  if (place && (place.id.startsWith('line-') || place.id.startsWith('d-'))) {
    const control = place.matches('fieldset') ? place.querySelector('input, select, textarea') ?? place : place
    control.focus()
    const said = document.querySelector('main > .v-notice[role="status"]')
    if (said) setTimeout(() => { document.getElementById('status').textContent = said.textContent.trim() }, 300)
  }
}

/** On a narrow screen the outline begins folded. */
function fold() {
  const outline = document.querySelector('[data-outline]')
  if (outline && window.matchMedia('(max-width: 61.99rem)').matches) outline.open = false
}

/** The address of a new call is proposed from its title, until somebody writes one. */
function propose() {
  const title = document.querySelector('[data-proposes]')
  const slug = title && document.getElementById(title.dataset.proposes)
  if (!slug) return
  let proposed = slug.value
  title.addEventListener('input', () => {
    if (slug.value !== proposed) return
    proposed = title.value.normalize('NFKD').replace(/[\u0300-\u036f]/g, '').toLowerCase()
      .replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '').slice(0, 80)
    slug.value = proposed
  })
}

/** Another type brings other fields: the focus stays on the control that chose it. */
let focused = ''
document.addEventListener('htmx:oobBeforeSwap', ({ detail }) => {
  if (detail.target.id === 'design-fields') focused = document.activeElement?.id ?? ''
})
document.addEventListener('htmx:oobAfterSwap', ({ detail }) => {
  if (detail.target.id === 'design-fields' && focused) document.getElementById(focused)?.focus()
})

fold()
arrive()
propose()
