// A second click on the same button is ignored while the first is on its way.
// Only for the eye: the server tells repeated requests apart by the form's key.
const PATIENCE = 8_000

document.addEventListener('submit', event => {
  const form = event.target
  if (form.method !== 'post' || event.defaultPrevented) return
  if (form.dataset.sent) {
    event.preventDefault()
    return
  }
  form.dataset.sent = 'yes'
  event.submitter?.setAttribute('aria-disabled', 'true')
  setTimeout(release, PATIENCE) // a post that answers with a download leaves the page where it is
})

function release() {
  for (const form of document.querySelectorAll('form[data-sent]')) {
    delete form.dataset.sent
    form.querySelector('[aria-disabled]')?.removeAttribute('aria-disabled')
  }
}
addEventListener('pageshow', release)
document.addEventListener('htmx:finally:request', release)
