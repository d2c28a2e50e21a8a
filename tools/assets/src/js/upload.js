// Upload progress: fetch tells none, so what stands in a [data-upload-area] is sent through XHR. When the line is lost
// or the server is being restarted the same bytes are sent again by themselves: the server knows them by their hash.
const WAITS = [2, 4, 8, 15, 30]
const PASSING = new Set([502, 503, 504])

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

function send(url, options, area) {
  const bar = area.querySelector('progress[data-upload]')
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open(options.method, url)
    for (const [name, value] of Object.entries(options.headers)) request.setRequestHeader(name, value)
    request.upload.onprogress = event => {
      if (!event.lengthComputable) return
      bar.max = event.total
      bar.value = event.loaded
    }
    request.upload.onload = () => say(area, 'sent')
    request.onerror = () => reject(new TypeError('network'))
    request.onabort = () => reject(new DOMException('aborted', 'AbortError'))
    request.onload = () => resolve(responseOf(request))
    options.signal?.addEventListener('abort', () => request.abort())
    say(area, '')
    bar.hidden = false
    request.send(options.body)
  })
}

/** In words, beside the file: the texts are data attributes, so they are translated. Read aloud when something went wrong. */
function say(area, state, seconds = 0) {
  const box = area.querySelector('[data-upload-state]')
  if (!box) return
  const text = (box.dataset[`text${state.charAt(0).toUpperCase()}${state.slice(1)}`] ?? '').replace('{seconds}', seconds)
  box.hidden = !text
  box.querySelector('[data-upload-text]').textContent = text
  box.querySelector('[data-upload-now]').hidden = state !== 'waiting'
  box.setAttribute('role', state === 'waiting' || state === 'failed' ? 'alert' : 'status')
}

/** Until the time is over, the line is back, or somebody presses "try again now". */
function pause(area, seconds) {
  say(area, 'waiting', seconds)
  return new Promise(resolve => {
    const button = area.querySelector('[data-upload-now]')
    const go = () => {
      clearTimeout(timer)
      removeEventListener('online', go)
      button?.removeEventListener('click', go)
      resolve()
    }
    const timer = setTimeout(go, seconds * 1000)
    addEventListener('online', go)
    button?.addEventListener('click', go)
  })
}

async function sendPatiently(url, options, area) {
  for (let turn = 0; ; turn++) {
    const isLast = turn >= WAITS.length || !area.isConnected
    try {
      const response = await send(url, options, area)
      if (isLast || !PASSING.has(response.status)) return response
    } catch (error) {
      if (isLast || error.name === 'AbortError') {
        say(area, 'failed')
        throw error
      }
    }
    // the answer to the first attempt may have been lost: the key of the form would only say "already done"
    options.body.delete?.('idempotency_key')
    await pause(area, WAITS[turn])
  }
}

const areaOf = source =>
  source?.matches?.('form') ? source.querySelector('[data-upload-area]') : source?.closest?.('[data-upload-area]')

const bringsFiles = body => body instanceof FormData && [...body.values()].some(each => each instanceof File && each.size)

document.addEventListener('htmx:before:request', event => {
  const { ctx } = event.detail
  const area = areaOf(ctx.sourceElement)
  if (area?.querySelector('progress[data-upload]') && bringsFiles(ctx.request.body)) {
    ctx.fetch = (url, options) => sendPatiently(url, options, area)
  }
})

document.addEventListener('htmx:finally:request', event => {
  const bar = areaOf(event.detail.ctx.sourceElement)?.querySelector('progress[data-upload]')
  if (bar) bar.hidden = true
})
