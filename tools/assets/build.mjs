// Build portal/static: vendored files, two style sheets, three scripts, and manifest.json.
// Every file name carries the first eight digits of its sha256, so it may be cached for ever.
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, parse } from 'node:path'
import { COPIES, LICENCES } from './packages.mjs'
import * as sass from 'sass'

const target = process.argv[2]
const out = 'static' // copied over the target at the end, so that a failed build changes nothing
const modules = 'node_modules'
const require = createRequire(import.meta.url)
const esbuild = require.resolve(`@esbuild/${process.platform}-${process.arch}/bin/esbuild`)
const files = {}

const read = path => readFileSync(path)
const versionOf = name => JSON.parse(read(join(modules, name, 'package.json'))).version
const fontVersion = versionOf('bootstrap-italia')

function part(name) {
  if (name === 'Vivaio') return { name, version: '1', licence: 'own' }
  const npm = ['bootstrap-italia', 'htmx.org', 'leaflet'].includes(name)
  return { name, version: npm ? versionOf(name) : `as in bootstrap-italia ${fontVersion}`, licence: LICENCES[name][0] }
}

function emit(name, content, works) {
  const bytes = Buffer.from(content)
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  const { dir, name: stem, ext } = parse(name)
  const path = join(dir, `${stem}.${sha256.slice(0, 8)}${ext}`)
  mkdirSync(dirname(join(out, path)), { recursive: true })
  writeFileSync(join(out, path), bytes)
  const integrity = `sha384-${createHash('sha384').update(bytes).digest('base64')}`
  files[name] = { path, sha256, integrity, bytes: bytes.length, parts: works.map(part) }
}

/** Replace "@asset/NAME" in a style sheet by the fingerprinted path. */
const resolved = css => css.replace(/@asset\/([\w./-]+)/g, (_, name) => {
  if (!files[name]) throw new Error(`style sheet names an unknown asset: ${name}`)
  return files[name].path
})

function style(entry) {
  const { css } = sass.compile(entry, { style: 'compressed', loadPaths: [modules], quietDeps: true, logger: sass.Logger.silent })
  return resolved(css.replace(/^\uFEFF/, ''))
}

const bundle = entry => execFileSync(
  esbuild, [entry, '--bundle', '--minify', '--target=es2020', '--format=iife', '--charset=utf8', '--legal-comments=inline', '--ignore-annotations'],
  { maxBuffer: 2 ** 26 },
)
/** Concatenate scripts into one file: order matters, and one file means nothing starts ungated. */
const joined = (...scripts) => Buffer.concat(
  scripts.flatMap(script => [Buffer.from(script.toString().replace(/\/\/# sourceMappingURL=.*/g, '').trim()), Buffer.from('\n')]),
)

rmSync(out, { recursive: true, force: true })
for (const [name, path, work] of COPIES) emit(name, read(join(modules, path)), [work])
for (const image of readdirSync('src/img').sort()) emit(`img/${image}`, read(join('src/img', image)), ['Vivaio'])
for (const [work, [, path]] of Object.entries(LICENCES)) {
  mkdirSync(join(out, 'licences'), { recursive: true })
  writeFileSync(join(out, 'licences', `${work.replace(/\W+/g, '-').toLowerCase()}.txt`), read(join(modules, path)))
}
emit('app.css', style('src/scss/app.scss'), ['bootstrap-italia', 'Vivaio'])
emit('app.js', joined(
  read(join(modules, 'htmx.org/dist/htmx.min.js')),
  read(join(modules, 'htmx.org/dist/ext/hx-csp.min.js')),
  bundle('src/js/app.js'),
), ['htmx.org', 'Vivaio'])
emit('ui.js', bundle('src/js/ui.js'), ['bootstrap-italia'])
emit('map.css', resolved(read(join(modules, 'leaflet/dist/leaflet.css')).toString()
  .replace(/url\(images\/([\w-]+\.png)\)/g, 'url(@asset/leaflet/$1)')), ['leaflet'])
emit('map.js', joined(read(join(modules, 'leaflet/dist/leaflet.js')), bundle('src/js/map.js')), ['leaflet', 'Vivaio'])

const sorted = Object.fromEntries(Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1)))
writeFileSync(join(out, 'manifest.json'), `${JSON.stringify({ files: sorted }, null, 2)}\n`)
rmSync(target, { recursive: true, force: true })
cpSync(out, target, { recursive: true })
for (const [name, file] of Object.entries(sorted)) console.log(`${String(file.bytes).padStart(8)}  ${name}`)
