// Computed columns and totals while one types, in <… data-sums='[{key, type, places, formula, total}]'>.
// Only for the eye: the server computes them again, and reads none of this.
const HUNDRED = 100
const lang = () => document.documentElement.lang || 'it'

/** A number as it is written in Italy, or NaN. */
function read(text) {
  const line = text.trim().replace(/[€%\s]/g, '')
  if (!/^-?(\d+|\d{1,3}(\.\d{3})+)(,\d+)?$/.test(line)) return NaN
  return Number(line.replaceAll('.', '').replace(',', '.'))
}

function written(value, { type, places }) {
  if (!Number.isFinite(value)) return '–'
  const digits = type === 'money' ? 2 : places
  const least = type === 'money' ? 2 : 0
  const text = value.toLocaleString(lang(), { minimumFractionDigits: least, maximumFractionDigits: digits, useGrouping: 'always' })
  if (type === 'money') return lang() === 'it' ? `€ ${text}` : `€${text}`
  return type === 'percentage' ? `${text} %` : text
}

const rounded = (value, places) => Math.sign(value) * Math.round((Math.abs(value) + Number.EPSILON) * 10 ** places) / 10 ** places
const known = values => values.filter(value => !Number.isNaN(value))
const FUNCTIONS = {
  min: values => Math.min(...values),
  max: values => Math.max(...values),
  sum: values => known(values).reduce((total, value) => total + value, 0),
  share: ([part, whole]) => (whole ? (part / whole) * HUNDRED : NaN),
  round: ([value, places = 0]) => rounded(value, places),
}

/** The value of a formula: numbers, + - * /, brackets, names and the functions above; nothing is ever evaluated. */
function compute(formula, valueOf) {
  const tokens = formula.match(/[a-z_][a-z0-9_.]*|\d+(?:\.\d+)?|[-+*/(),]/g) ?? []
  let at = 0
  const next = wanted => (tokens[at] === wanted ? ((at += 1), true) : false)
  const list = () => {
    const values = [sum()]
    while (next(',')) values.push(sum())
    next(')')
    return values
  }
  const single = () => {
    if (next('-')) return -single()
    if (next('(')) return list()[0]
    const token = tokens[at++] ?? ''
    if (/^\d/.test(token)) return Number(token)
    return next('(') ? (FUNCTIONS[token]?.(list()) ?? NaN) : valueOf(token)
  }
  const product = () => {
    let value = single()
    while (tokens[at] === '*' || tokens[at] === '/') {
      const times = tokens[at++] === '*'
      const other = single()
      value = times ? value * other : other ? value / other : NaN
    }
    return value
  }
  const sum = () => {
    let value = product()
    while (tokens[at] === '+' || tokens[at] === '-') value = tokens[at++] === '+' ? value + product() : value - product()
    return value
  }
  return sum()
}

function computeRow(row, columns) {
  const found = {}
  const valueOf = name => {
    if (name in found) return found[name]
    const column = columns.find(({ key }) => key === name)
    const box = row.querySelector(`[name$=".${name}"]`)
    found[name] = NaN // a column that needs itself counts as missing
    if (column?.formula) found[name] = rounded(compute(column.formula, valueOf), column.places)
    else if (box) found[name] = read(box.value)
    return found[name]
  }
  for (const column of columns) {
    const place = row.querySelector(`[data-result="${column.key}"]`)
    const value = valueOf(column.key)
    if (place) place.textContent = written(value, column)
  }
  return found
}

document.addEventListener('input', event => {
  const frame = event.target.closest?.('[data-sums]')
  if (!frame) return
  const columns = JSON.parse(frame.dataset.sums)
  const rows = [...frame.querySelectorAll('[data-row]')].map(row => computeRow(row, columns))
  for (const column of columns.filter(({ total }) => total)) {
    const place = frame.querySelector(`[data-total="${column.key}"]`)
    if (place) place.textContent = written(FUNCTIONS.sum(rows.map(row => row[column.key])), column)
  }
})
