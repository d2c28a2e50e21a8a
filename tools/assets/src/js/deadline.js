// <span data-deadline="ISO instant">: how much is left, in the words its template gave.
// Without this script the date itself stands there.
const MINUTE = 60_000
const UNITS = [['Days', 1440], ['Hours', 60], ['Minutes', 1]]

function left(node, minutes) {
  if (minutes < 0) return node.dataset.textPast ?? ''
  const [unit, size] = UNITS.find(([, size]) => minutes >= size * 2) ?? UNITS[2]
  const count = Math.floor(minutes / size)
  const text = count === 1 ? node.dataset[`text${unit}One`] : node.dataset[`text${unit}Many`]
  return (text ?? '').replace('{n}', count)
}

function tick() {
  for (const node of document.querySelectorAll('[data-deadline]')) {
    const minutes = Math.floor((Date.parse(node.dataset.deadline) - Date.now()) / MINUTE)
    if (Number.isNaN(minutes)) continue
    const text = left(node, minutes)
    if (node.textContent !== text) node.textContent = text
    node.classList.toggle('v-deadline-near', minutes >= 0 && minutes < 2 * 1440)
  }
}
tick()
setInterval(tick, MINUTE / 2)
document.addEventListener('htmx:after:swap', tick)
