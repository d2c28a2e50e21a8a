// Closes what hx-csp leaves open: server-sent events, web sockets and out-of-band swaps
// obey only where the template stamped the page's nonce. Partials are not used, so none pass.
const page = document.querySelector('script[nonce]')?.nonce

function isForeign(element) {
  const nonce = element.getAttribute('data-hx-nonce') ?? element.getAttribute('hx-nonce')
  return !page || nonce !== page
}

function stripStreams(root) {
  if (!root.querySelectorAll) return
  for (const element of [root, ...root.querySelectorAll('*')]) {
    for (const { name } of [...element.attributes]) {
      if (/^(data-)?hx-(sse|ws)/.test(name) && isForeign(element)) {
        element.removeAttribute(name)
        console.warn('app-gate: stripped', name)
      }
    }
  }
}

function isAllowed(task) {
  if (task.type === 'main') return true
  const allowed = task.type === 'oob' && [...task.fragment.children].every(child => !isForeign(child))
  if (!allowed) console.warn('app-gate: dropped', task.type)
  return allowed
}

window.htmx.registerExtension('app-gate', {
  htmx_before_process: stripStreams,
  htmx_before_swap: (_, detail) => {
    detail.tasks.splice(0, detail.tasks.length, ...detail.tasks.filter(isAllowed))
  },
})
