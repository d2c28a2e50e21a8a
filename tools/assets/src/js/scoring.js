// On the scoring page ([data-score-keys]): 1–9 choose the score of the criterion in focus,
// N goes to the next criterion, and after the last one to the next proposal.
const isTyping = element => element.matches('textarea, select, input:not([type=radio])')

function choose(criterion, key) {
  const radio = criterion?.querySelector(`input[type=radio][data-key="${key}"]`)
  if (!radio) return
  radio.checked = true
  radio.focus()
  radio.dispatchEvent(new Event('input', { bubbles: true }))
  radio.dispatchEvent(new Event('change', { bubbles: true }))
}

function goOn(sheet, criterion) {
  const criteria = [...sheet.querySelectorAll('[data-criterion]')]
  const next = criteria[criteria.indexOf(criterion) + 1]
  const place = next?.querySelector('input:checked, input, textarea') ?? sheet.querySelector('[data-next-proposal]')
  place?.focus()
}

document.addEventListener('keydown', event => {
  const sheet = document.querySelector('[data-score-keys]')
  if (!sheet || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return
  const criterion = event.target.closest('[data-criterion]') ?? sheet.querySelector('[data-criterion]')
  if (/^[0-9]$/.test(event.key)) choose(criterion, event.key)
  else if (event.key.toLowerCase() === 'n') goOn(sheet, event.target.closest('[data-criterion]'))
  else return
  event.preventDefault()
})
