// @ts-check
// The first-account page: the one-time code comes in the fragment, which never
// reaches a server log; it moves into the form and off the address bar at once,
// so that a shared screen or a history entry does not keep it.

const code = new URLSearchParams(location.hash.slice(1)).get("code");
const field = /** @type {HTMLInputElement | null} */ (document.getElementById("code"));

if (code && field) {
  field.value = code;
  history.replaceState(null, "", location.pathname + location.search);
  reveal("code-field", false);
  reveal("code-found", true);
  document.getElementById("name")?.focus();
}

const password = /** @type {HTMLInputElement | null} */ (document.getElementById("password"));
const box = /** @type {HTMLInputElement | null} */ (document.getElementById("show-password"));

if (box && password) {
  reveal("show-password-row", true);
  box.addEventListener("change", () => {
    password.type = box.checked ? "text" : "password";
  });
}

/** @param {string} id @param {boolean} shown */
function reveal(id, shown) {
  const part = document.getElementById(id);
  if (part) part.hidden = !shown;
}
