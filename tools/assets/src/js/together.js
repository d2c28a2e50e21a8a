// While somebody writes a section, every thirty seconds: here I am, and what did the others do? The answer is words alone
// and touches no field. Only as long as the page is looked at and somebody works in it: a page left open keeps nobody
// signed in for ever.
const BEAT = 30_000
const IDLE = 5 * 60_000
const box = document.querySelector('[data-together]')
let active = Date.now()

const versions = () => document.querySelectorAll('input[name^="v-"]')
const tokenOf = () => document.querySelector('meta[name=csrf-token]').content

async function beat() {
  if (document.hidden || Date.now() - active > IDLE) return
  const body = new URLSearchParams({ stamp: box.firstElementChild?.dataset.stamp ?? '' })
  for (const { name, value } of versions()) body.append(name, value)
  const headers = { 'HX-Request': 'true', 'X-CSRFToken': tokenOf() }
  const answer = await fetch(box.dataset.together, { method: 'POST', headers, body }).catch(() => null)
  if (answer?.status === 401) document.dispatchEvent(new CustomEvent('vivaio:signedout'))
  if (answer?.status !== 200) return
  const words = new DOMParser().parseFromString(await answer.text(), 'text/html')
  box.replaceChildren(...words.body.childNodes)
}

if (box) {
  for (const name of ['input', 'pointerdown', 'keydown']) document.addEventListener(name, () => { active = Date.now() })
  document.addEventListener('visibilitychange', beat)
  setInterval(beat, BEAT)
  beat()
}
