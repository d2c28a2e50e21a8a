// Passkeys: what the browser makes or signs goes into the hidden field of its form, which is then sent as it is.
// What is shown only where passkeys work is marked data-passkey-only, what stands in for it data-passkey-without.
const can = Boolean(window.PublicKeyCredential && navigator.credentials)

const bytes = text => Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), c => c.charCodeAt(0))
const text = buffer => btoa(String.fromCharCode(...new Uint8Array(buffer)))
  .replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '')
const named = list => (list ?? []).map(each => ({ ...each, id: bytes(each.id) }))

async function ask(url) {
  const token = document.querySelector('meta[name=csrf-token]').content
  const answer = await fetch(url, { method: 'POST', credentials: 'same-origin', headers: { 'X-CSRFToken': token } })
  if (!answer.ok || answer.redirected) throw new Error(`passkey: ${answer.status}`)
  return answer.json()
}

/** A credential as the server reads it: every buffer in base64url. */
function plain(credential) {
  const { response } = credential
  const found = { clientDataJSON: text(response.clientDataJSON) }
  for (const name of ['attestationObject', 'authenticatorData', 'signature', 'userHandle']) {
    if (response[name]) found[name] = text(response[name])
  }
  if (response.getTransports) found.transports = response.getTransports()
  return { id: credential.id, rawId: text(credential.rawId), type: credential.type, response: found }
}

async function make(url) {
  const options = await ask(url)
  const publicKey = {
    ...options,
    challenge: bytes(options.challenge),
    user: { ...options.user, id: bytes(options.user.id) },
    excludeCredentials: named(options.excludeCredentials),
  }
  return plain(await navigator.credentials.create({ publicKey }))
}

async function sign(url) {
  const options = await ask(url)
  const publicKey = { ...options, challenge: bytes(options.challenge), allowCredentials: named(options.allowCredentials) }
  return plain(await navigator.credentials.get({ publicKey }))
}

/** Let the device answer, then send the form; what went wrong is said beside the button. */
async function answer(form, work, url) {
  const says = form.querySelector('[data-passkey-says]')
  says.textContent = ''
  try {
    form.querySelector('[data-passkey-answer]').value = JSON.stringify(await work(url))
    form.submit()
  } catch (error) {
    says.textContent = says.dataset.textFailed
    console.info(error)
  }
}

document.addEventListener('click', event => {
  const button = event.target.closest?.('[data-passkey-sign]')
  if (button) answer(button.form, sign, button.dataset.passkeySign)
})

document.addEventListener('submit', event => {
  const maker = event.target.querySelector('[data-passkey-make]')
  if (!maker || !can || !event.target.querySelector('[name=name]').value.trim()) return
  event.preventDefault()
  answer(event.target, make, maker.dataset.passkeyMake)
}, { capture: true })

for (const node of document.querySelectorAll('[data-passkey-only]')) node.hidden = !can
for (const node of document.querySelectorAll('[data-passkey-without]')) node.hidden = can
