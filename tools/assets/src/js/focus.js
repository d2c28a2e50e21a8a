// After a swap, and after a page that came back with errors, focus goes where the news is.
function focusNews(root) {
  const news = root.matches?.('[data-autofocus]') ? root : root.querySelector?.('[data-autofocus]')
  if (!news || news === document.activeElement) return
  if (news.tabIndex < 0 && !news.hasAttribute('tabindex')) news.setAttribute('tabindex', '-1')
  news.focus()
}

function keepFocusInside(target) {
  if (document.activeElement && document.activeElement !== document.body) return
  const place = target.isConnected ? target : document.getElementById('main')
  const heading = place.querySelector('h1, h2, h3, [tabindex="-1"]') ?? place
  if (!heading.hasAttribute('tabindex')) heading.setAttribute('tabindex', '-1')
  heading.focus({ preventScroll: place !== document.getElementById('main') })
}

document.addEventListener('htmx:after:swap', event => {
  const { ctx } = event.detail
  if (ctx.swap === 'none') return
  const target = ctx.target instanceof Element && ctx.target.isConnected ? ctx.target : ctx.sourceElement
  const holdsNews = target?.querySelector?.('[data-autofocus]')
  focusNews(holdsNews ? target : target?.parentElement ?? document)
  keepFocusInside(target ?? document.body)
})

focusNews(document)
