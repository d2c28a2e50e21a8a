// A form with data-guard asks before the page is left with something typed and not sent.
const typed = new Set()
const guarded = event => event.target.closest?.('form[data-guard]')

document.addEventListener('input', event => {
  const form = guarded(event)
  if (form) typed.add(form)
})
for (const name of ['submit', 'vivaio:saved']) {
  document.addEventListener(name, event => {
    const form = guarded(event)
    if (form) typed.delete(form)
  })
}
addEventListener('beforeunload', event => {
  if ([...typed].some(form => form.isConnected)) event.preventDefault()
})
