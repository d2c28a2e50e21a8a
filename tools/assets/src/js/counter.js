// How many characters are left in a text box; line ends count one, as on the server.
function count(area) {
  const box = document.getElementById(area.dataset.counter)
  if (!box) return
  const used = [...area.value.replace(/\r\n?/g, '\n')].length
  const left = Number(box.dataset.max) - used
  const beyond = box.dataset.advised && left >= 0 ? used - Number(box.dataset.advised) : 0
  const words = left < 0 ? box.dataset.textOver : beyond > 0 ? box.dataset.textAdvised : box.dataset.textLeft
  box.textContent = words.replace('{n}', beyond > 0 ? beyond : Math.abs(left))
  box.classList.toggle('v-counter-over', left < 0)
  box.classList.toggle('v-counter-advised', beyond > 0)
}
document.addEventListener('input', event => {
  if (event.target.dataset?.counter) count(event.target)
})
const countAll = () => document.querySelectorAll('textarea[data-counter]').forEach(count)
countAll()
document.addEventListener('htmx:after:swap', countAll)
