// Exact numbers: fractions of whole numbers, so that what a page shows is to the cent what the server computes.
// null stands for what is missing, or cannot be computed.
const ZERO = { n: 0n, d: 1n }
const size = number => (number < 0n ? -number : number)

function fraction(n, d) {
  let [a, b] = [size(n), size(d)]
  while (b) [a, b] = [b, a % b]
  const by = d < 0n ? -a : a
  return by ? { n: n / by, d: d / by } : ZERO
}

/** A number in plain notation, such as 12.5 */
export function exact(text) {
  const [whole, decimals = ''] = text.split('.')
  return fraction(BigInt(whole + decimals), 10n ** BigInt(decimals.length))
}

const both = compute => (a, b) => (a && b ? compute(a, b) : null)
export const add = both((a, b) => fraction(a.n * b.d + b.n * a.d, a.d * b.d))
export const minus = both((a, b) => fraction(a.n * b.d - b.n * a.d, a.d * b.d))
export const times = both((a, b) => fraction(a.n * b.n, a.d * b.d))
export const divided = both((a, b) => (b.n ? fraction(a.n * b.d, a.d * b.n) : null))
const isLess = (a, b) => a.n * b.d < b.n * a.d

/** With so many decimals, halves away from zero. */
export function rounded(value, places) {
  if (!value) return null
  const scale = 10n ** BigInt(places)
  const whole = (size(value.n) * scale * 2n + value.d) / (value.d * 2n)
  return fraction(value.n < 0n ? -whole : whole, scale)
}

/** For the eye only: with so many decimals it was rounded before. */
export const plain = value => Number((value.n * 10n ** 6n) / value.d) / 10 ** 6

const least = wanted => values => (values.includes(null) ? null : values.reduce((a, b) => (wanted(a, b) ? a : b)))
export const total = values => values.filter(Boolean).reduce(add, ZERO)
const FUNCTIONS = {
  min: least(isLess),
  max: least((a, b) => isLess(b, a)),
  sum: total,
  share: ([part, whole]) => times(divided(part, whole), exact('100')),
  round: ([value, places = ZERO]) => rounded(value, Number(places.n)),
}

/** The value of a formula: numbers, + - * /, brackets, names and the functions above; nothing is ever evaluated. */
export function compute(formula, valueOf) {
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
    if (next('-')) return minus(ZERO, single())
    if (next('(')) return list()[0]
    const token = tokens[at++] ?? ''
    if (/^\d/.test(token)) return exact(token)
    return next('(') ? (FUNCTIONS[token]?.(list()) ?? null) : valueOf(token)
  }
  const product = () => {
    let value = single()
    while (tokens[at] === '*' || tokens[at] === '/') value = tokens[at++] === '*' ? times(value, single()) : divided(value, single())
    return value
  }
  const sum = () => {
    let value = product()
    while (tokens[at] === '+' || tokens[at] === '-') value = tokens[at++] === '+' ? add(value, product()) : minus(value, product())
    return value
  }
  return sum()
}
