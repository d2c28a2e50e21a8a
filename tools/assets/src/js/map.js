// <div data-map data-geojson-url="…">: shapes on a plain ground, no tiles, no third party.
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

async function draw(place) {
  const answer = await fetch(place.dataset.geojsonUrl, { credentials: 'same-origin' })
  if (!answer.ok) throw new Error(`map: ${answer.status}`)
  const { textIn, textOut, textClose } = place.dataset
  const map = window.L.map(place, { attributionControl: false, scrollWheelZoom: false, zoomControl: false })
  window.L.control.zoom({ zoomInTitle: textIn, zoomOutTitle: textOut }).addTo(map)
  map.on('popupopen', ({ popup }) => {
    popup.getElement().querySelector('.leaflet-popup-close-button')?.setAttribute('aria-label', textClose)
  })
  const layer = window.L.geoJSON(await answer.json(), {
    style: feature => (feature.geometry.type.endsWith('Point') ? {} : AREA),
    pointToLayer: (_, at) => window.L.circleMarker(at, POINT),
    onEachFeature: (feature, shape) => {
      shape.bindPopup(() => describe(feature))
      if ('names' in place.dataset) shape.bindTooltip(feature.properties?.name ?? '', { permanent: true, direction: 'right' })
    },
  }).addTo(map)
  const bounds = layer.getBounds()
  if (bounds.isValid()) map.fitBounds(bounds.pad(0.1), { maxZoom: 14 })
  else map.setView([41.9, 12.5], 6)
}

for (const place of document.querySelectorAll('[data-map]')) {
  draw(place).catch(error => {
    place.textContent = place.dataset.textFailed ?? ''
    place.classList.add('v-map-failed')
    console.warn(error)
  })
}
