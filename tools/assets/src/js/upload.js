// Upload progress: fetch tells none, so a form with <progress data-upload> is sent through XHR.
function headersOf(request) {
  const headers = new Headers()
  for (const line of request.getAllResponseHeaders().trim().split(/\r?\n/)) {
    const colon = line.indexOf(':')
    if (colon > 0) headers.append(line.slice(0, colon), line.slice(colon + 1).trim())
  }
  return headers
}

function responseOf(request) {
  const body = request.status === 204 ? null : request.response
  const response = new Response(body, { status: request.status, headers: headersOf(request) })
  Object.defineProperty(response, 'url', { value: request.responseURL })
  return response
}

function send(url, options, bar) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open(options.method, url)
    for (const [name, value] of Object.entries(options.headers)) request.setRequestHeader(name, value)
    request.upload.onprogress = event => {
      if (!event.lengthComputable) return
      bar.max = event.total
      bar.value = event.loaded
    }
    request.onerror = () => reject(new TypeError('network'))
    request.onabort = () => reject(new DOMException('aborted', 'AbortError'))
    request.onload = () => resolve(responseOf(request))
    options.signal?.addEventListener('abort', () => request.abort())
    request.send(options.body)
  })
}

document.addEventListener('htmx:before:request', event => {
  const { ctx } = event.detail
  const bar = ctx.sourceElement.querySelector?.('progress[data-upload]')
  if (!bar) return
  bar.hidden = false
  ctx.fetch = (url, options) => send(url, options, bar)
})

document.addEventListener('htmx:finally:request', event => {
  const bar = event.detail.ctx.sourceElement?.querySelector?.('progress[data-upload]')
  if (bar) bar.hidden = true
})
