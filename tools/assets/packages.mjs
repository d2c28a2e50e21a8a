// What is vendored, from which package, under which licence. Read by build.mjs.

const TITILLIUM = 'bootstrap-italia/dist/fonts/Titillium_Web/titillium-web-v10-latin-ext_latin-'
const MONO = 'bootstrap-italia/dist/fonts/Roboto_Mono/roboto-mono-v13-latin-ext_latin-'
const LORA = 'bootstrap-italia/dist/fonts/Lora/lora-v20-latin-ext_latin-'

/** Licence texts are copied beside the files they cover. */
export const LICENCES = {
  'bootstrap-italia': ['BSD-3-Clause', 'bootstrap-italia/LICENSE'],
  'htmx.org': ['0BSD', 'htmx.org/LICENSE'],
  leaflet: ['BSD-2-Clause', 'leaflet/LICENSE'],
  'Titillium Web': ['OFL-1.1', 'bootstrap-italia/dist/fonts/Titillium_Web/OFL.txt'],
  'Roboto Mono': ['Apache-2.0', 'bootstrap-italia/dist/fonts/Roboto_Mono/LICENSE.txt'],
  Lora: ['OFL-1.1', 'bootstrap-italia/dist/fonts/Lora/OFL.txt'],
}

/** Copied as they are: our name, the file in the packages, the work it belongs to. */
export const COPIES = [
  ['icons.svg', 'bootstrap-italia/dist/svg/sprites.svg', 'bootstrap-italia'],
  ['fonts/titillium-300.woff2', `${TITILLIUM}300.woff2`, 'Titillium Web'],
  ['fonts/titillium-400.woff2', `${TITILLIUM}regular.woff2`, 'Titillium Web'],
  ['fonts/titillium-400-italic.woff2', `${TITILLIUM}italic.woff2`, 'Titillium Web'],
  ['fonts/titillium-600.woff2', `${TITILLIUM}600.woff2`, 'Titillium Web'],
  ['fonts/titillium-700.woff2', `${TITILLIUM}700.woff2`, 'Titillium Web'],
  ['fonts/roboto-mono-400.woff2', `${MONO}regular.woff2`, 'Roboto Mono'],
  ['fonts/roboto-mono-700.woff2', `${MONO}700.woff2`, 'Roboto Mono'],
  ['fonts/lora-400.woff2', `${LORA}regular.woff2`, 'Lora'],
  ['leaflet/layers.png', 'leaflet/dist/images/layers.png', 'leaflet'],
  ['leaflet/layers-2x.png', 'leaflet/dist/images/layers-2x.png', 'leaflet'],
  ['leaflet/marker-icon.png', 'leaflet/dist/images/marker-icon.png', 'leaflet'],
]
