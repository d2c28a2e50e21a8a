// How many characters are left in a text box; line ends count one, as on the server.
function count(area) {
  const box = document.getElementById(area.dataset.counter)
  if (!box) return
  const used = [...area.value.replace(/\r\n?/g, '\n')].length
  const left = Number(box.dataset.max) - used
  box.textContent = (left < 0 ? box.dataset.textOver : box.dataset.textLeft).replace('{n}', Math.abs(left))
  box.classList.toggle('v-counter-over', left < 0)
}
document.addEventListener('input', event => {
  if (event.target.dataset?.counter) count(event.target)
})
const countAll = () => document.querySelectorAll('textarea[data-counter]').forEach(count)
countAll()
document.addEventListener('htmx:after:swap', countAll)
