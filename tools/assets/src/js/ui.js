// The bootstrap-italia plugins in use; importing one registers its data-bs-* listeners.
import 'bootstrap-italia/dist/plugins/accordion.js'
import 'bootstrap-italia/dist/plugins/collapse.js'
import 'bootstrap-italia/dist/plugins/dropdown.js'
import 'bootstrap-italia/dist/plugins/modal.js'
import 'bootstrap-italia/dist/plugins/notification.js'
import 'bootstrap-italia/dist/plugins/offcanvas.js'
import 'bootstrap-italia/dist/plugins/tab.js'
import 'bootstrap-italia/dist/plugins/toast.js'
