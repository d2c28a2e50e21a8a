// A button beside each password shows what was typed, and hides it again before the form is sent.
// Its words come from the field (data-text-show, data-text-hide); without this script there is no button.
const FIELDS = 'input[type=password][data-text-show]'

function addButton(field) {
  const button = document.createElement('button')
  button.type = 'button'
  button.className = 'btn btn-quiet btn-sm'
  button.setAttribute('aria-controls', field.id)
  const turn = shown => {
    field.type = shown ? 'text' : 'password'
    button.textContent = shown ? field.dataset.textHide : field.dataset.textShow
  }
  button.addEventListener('click', () => turn(field.type === 'password'))
  field.form?.addEventListener('submit', () => turn(false))
  turn(false)
  field.after(button)
}

document.querySelectorAll(FIELDS).forEach(addButton)
