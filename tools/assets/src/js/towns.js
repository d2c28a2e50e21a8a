// <input data-towns="/municipalities" list="…">: the names that begin so, fetched while one types.
const PAUSE = 250
const waiting = new WeakMap()

async function offer(box) {
  const list = box.list
  const begins = box.value.trim()
  if (!list || begins.length < 2) return
  const answer = await fetch(`${box.dataset.towns}?begins=${encodeURIComponent(begins)}`, { credentials: 'same-origin' })
  if (!answer.ok || box.value.trim() !== begins) return
  const { municipalities } = await answer.json()
  list.replaceChildren(...municipalities.map(name => Object.assign(document.createElement('option'), { value: name })))
}

document.addEventListener('input', event => {
  const box = event.target
  if (!box.dataset?.towns) return
  clearTimeout(waiting.get(box))
  waiting.set(box, setTimeout(() => offer(box).catch(() => {}), PAUSE))
})
