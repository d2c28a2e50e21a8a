// What is shown once can be printed and copied: buttons that only scripts can serve are hidden without them.
for (const button of document.querySelectorAll('[data-print], [data-copy]')) {
  button.hidden = 'copy' in button.dataset && !navigator.clipboard
}

document.addEventListener('click', async event => {
  if (event.target.closest?.('[data-print]')) window.print()
  const copier = event.target.closest?.('[data-copy]')
  if (!copier) return
  const lines = [...document.getElementById(copier.dataset.copy).children].map(line => line.textContent.trim())
  await navigator.clipboard.writeText(lines.join('\n'))
  const said = document.createElement('p')
  said.textContent = copier.dataset.textCopied
  document.getElementById('status')?.replaceChildren(said)
})
