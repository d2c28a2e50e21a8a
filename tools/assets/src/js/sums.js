// Computed columns, totals and simplified costs while one types, in <… data-sums='[{key, type, places, formula, total}]'
// data-pricing='{kind, amount, fixed: {kind: {how, cells}}, shares: [{kind, of, rate}]}'>.
// Only for the eye: the server computes them again, and reads none of this.
import { add, compute, divided, exact, plain, rounded, times, total } from './exact.js'

const AMOUNT = /^(0|[1-9]\d*|[1-9]\d{0,2}(\.\d{3})+)(,\d{1,2})?$/
const NUMBER = /^(\d{1,12}|\d{1,3}([. ]\d{3}){1,3})(,\d+)?$/
const lang = () => document.documentElement.lang || 'it'

/** A number as it is written in Italy, or null: what the server would not read counts as missing. */
function read(text, { type, places, negative }) {
  const line = text.replace(/[€%]/g, '').trim()
  const size = negative ? line.replace(/^[-\u2212]\s*/, '') : line
  if (!(type === 'money' ? AMOUNT : NUMBER).test(size)) return null
  const [whole, decimals = ''] = size.replace(/[. ]/g, '').split(',')
  if (decimals.replace(/0+$/, '').length > places) return null
  return exact(`${size === line ? '' : '-'}${whole}.${decimals || '0'}`)
}

function written(value, { type, places }) {
  if (!value) return '–'
  const digits = type === 'money' ? 2 : places
  const least = type === 'money' ? 2 : 0
  const text = plain(value).toLocaleString(lang(), { minimumFractionDigits: least, maximumFractionDigits: digits, useGrouping: 'always' })
  if (type === 'money') return lang() === 'it' ? `€ ${text}` : `€${text}`
  return type === 'percentage' ? `${text} %` : text
}

const show = (place, words) => place && (place.textContent = words)
const cell = (row, key) => row.querySelector(`[name$=".${key}"]`)

function computeRow(row, columns) {
  const found = {}
  const valueOf = name => {
    if (name in found) return found[name]
    const column = columns.find(({ key }) => key === name)
    const box = cell(row, name)
    found[name] = null // a column that needs itself counts as missing
    if (column?.formula) found[name] = rounded(compute(column.formula, valueOf), column.places)
    else if (column && box) found[name] = read(box.value, column)
    return found[name]
  }
  for (const column of columns) show(row.querySelector(`[data-result="${column.key}"]`), written(valueOf(column.key), column))
  return found
}

/** The cells that the kind of a row prescribes cannot be typed in. */
function fix(row, { kind, fixed }) {
  const { how = '', cells = {} } = fixed[cell(row, kind)?.value] ?? {}
  for (const key of new Set(Object.values(fixed).flatMap(each => Object.keys(each.cells)))) {
    const box = cell(row, key)
    if (!box) continue
    box.readOnly = key in cells
    if (key in cells) box.value = cells[key]
  }
  show(row.querySelector('[data-how]'), how)
}

/** The rows that follow from those above, each per cent of its base, once rounded to the cent. */
function follow(frame, rows, { kind, amount, shares }, column) {
  const places = frame.querySelectorAll('[data-derived]')
  const amounts = rows.map(({ row, found }) => [cell(row, kind)?.value, found[amount]])
  return shares.map((share, number) => {
    const base = total(amounts.filter(([key]) => share.of.includes(key)).map(([, value]) => value))
    const value = rounded(divided(times(base, exact(share.rate)), exact('100')), 2)
    amounts.push([share.kind, value])
    show(places[number]?.querySelector('[data-base]'), written(base, column))
    show(places[number]?.querySelector(`[data-result="${amount}"]`), written(value, column))
    return value
  })
}

document.addEventListener('input', event => {
  const frame = event.target.closest?.('[data-sums]')
  if (!frame) return
  const columns = JSON.parse(frame.dataset.sums)
  const pricing = frame.dataset.pricing ? JSON.parse(frame.dataset.pricing) : null
  const rows = [...frame.querySelectorAll('[data-row]')].map(row => {
    if (pricing) fix(row, pricing)
    return { row, found: computeRow(row, columns) }
  })
  const priced = pricing ? follow(frame, rows, pricing, columns.find(({ key }) => key === pricing.amount)) : []
  for (const column of columns.filter(each => each.total)) {
    const own = total(rows.map(({ found }) => found[column.key]))
    const sum = pricing?.amount === column.key ? add(own, total(priced)) : own
    show(frame.querySelector(`[data-total="${column.key}"]`), written(sum, column))
  }
})
