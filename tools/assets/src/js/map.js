// <div data-map data-geojson-url="…"> or data-geojson="…": shapes on a plain ground, no tiles, no third party.
// The page lists the same places in words; the map is an addition, never the only way.
const INK = '#156b53'
const AREA = { color: INK, weight: 2, fillColor: INK, fillOpacity: 0.14 }
const POINT = { radius: 9, color: '#fff', weight: 2, fillColor: INK, fillOpacity: 0.9 }

function describe(feature) {
  const box = document.createElement('div')
  const { name, text, url } = feature.properties ?? {}
  const title = document.createElement(url ? 'a' : 'strong')
  title.textContent = name ?? ''
  if (url && new URL(url, location.href).origin === location.origin) title.href = url
  box.append(title)
  if (text) {
    const line = document.createElement('p')
    line.textContent = text
    box.append(line)
  }
  return box
}

async function shapesOf(place) {
  if (place.dataset.geojson) return JSON.parse(place.dataset.geojson)
  const answer = await fetch(place.dataset.geojsonUrl, { credentials: 'same-origin' })
  if (!answer.ok) throw new Error(`map: ${answer.status}`)
  return answer.json()
}

async function draw(place) {
  const shapes = await shapesOf(place)
  const { textIn, textOut, textClose } = place.dataset
  const map = window.L.map(place, { attributionControl: false, scrollWheelZoom: false, zoomControl: false })
  map.setView([41.9, 12.5], 6) // a circle knows its bounds only on a map that has a view
  window.L.control.zoom({ zoomInTitle: textIn, zoomOutTitle: textOut }).addTo(map)
  map.on('popupopen', ({ popup }) => {
    popup.getElement().querySelector('.leaflet-popup-close-button')?.setAttribute('aria-label', textClose)
  })
  const layer = window.L.geoJSON(shapes, {
    style: feature => (feature.geometry.type.endsWith('Point') ? {} : AREA),
    pointToLayer: ({ properties }, at) => (
      properties?.radius ? window.L.circle(at, { ...AREA, radius: properties.radius }) : window.L.circleMarker(at, POINT)
    ),
    onEachFeature: (feature, shape) => {
      shape.bindPopup(() => describe(feature))
      if ('names' in place.dataset) shape.bindTooltip(feature.properties?.name ?? '', { permanent: true, direction: 'right' })
    },
  }).addTo(map)
  const bounds = layer.getBounds()
  if (bounds.isValid()) map.fitBounds(bounds.pad(0.1), { maxZoom: 14, animate: false })
  if (place.dataset.point) letPoint(map, place)
}

/** A click on the map, and the arrow keys on the point, write latitude and longitude into their boxes; and back. */
function letPoint(map, place) {
  const [lat, lon] = ['lat', 'lon'].map(part => document.getElementById(`${place.dataset.point}-${part}`))
  if (!lat || !lon) return
  const icon = window.L.divIcon({ className: 'v-map-point', iconSize: [24, 24], iconAnchor: [12, 12] })
  const marker = window.L.marker(map.getCenter(), { icon, draggable: true, keyboard: true, alt: place.dataset.textPoint, title: place.dataset.textPoint })
  const written = () => [lat, lon].map(box => (box.value.trim() ? Number(box.value.replace(',', '.')) : NaN))
  const show = () => {
    const [north, east] = written()
    if (Number.isFinite(north) && Number.isFinite(east)) marker.setLatLng([north, east]).addTo(map)
    else marker.remove()
  }
  const write = at => {
    const here = at.wrap()
    lat.value = here.lat.toFixed(6).replace('.', ',')
    lon.value = here.lng.toFixed(6).replace('.', ',')
    show()
    lon.dispatchEvent(new Event('input', { bubbles: true }))
  }
  map.on('click', ({ latlng }) => write(latlng))
  marker.on('dragend', () => write(marker.getLatLng()))
  marker.on('keydown', ({ originalEvent: event }) => {
    const step = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] }[event.key]
    if (!step) return
    event.preventDefault()
    event.stopPropagation()
    write(map.containerPointToLatLng(map.latLngToContainerPoint(marker.getLatLng()).add(step.map(way => way * 8))))
    marker.getElement()?.focus()
  })
  for (const box of [lat, lon]) box.addEventListener('change', show)
  show()
}

/** Every map inside, each once. */
function drawAll(inside) {
  for (const place of inside.querySelectorAll('[data-map]:not([data-drawn])')) {
    place.dataset.drawn = ''
    draw(place).catch(error => {
      place.textContent = place.dataset.textFailed ?? ''
      place.classList.add('v-map-failed')
      console.warn(error)
    })
  }
}

drawAll(document)
document.addEventListener('htmx:load', ({ detail }) => drawAll(detail.elt.parentElement ?? document))
