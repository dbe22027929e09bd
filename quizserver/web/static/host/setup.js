// @ts-check
// The first-account page: the one-time code comes in the fragment, which never
// reaches a server log; it moves into the form and off the address bar at once,
// so that a shared screen or a history entry does not keep it.

const field = /** @type {HTMLInputElement | null} */ (document.getElementById("code"));

function take() {
  const code = new URLSearchParams(location.hash.slice(1)).get("code");
  if (!code || !field) return;
  field.value = code;
  history.replaceState(null, "", location.pathname + location.search);
  reveal("code-field", false);
  reveal("code-found", true);
  document.getElementById("name")?.focus();
}

take();
// A link to the page that is open already loads nothing.
window.addEventListener("hashchange", take);

// Another language is another page: the code goes along as it came.
const other = /** @type {HTMLAnchorElement | null} */ (document.getElementById("lang"));
other?.addEventListener("click", (event) => {
  if (!field?.value) return;
  event.preventDefault();
  location.replace(`${other.href}#${new URLSearchParams({ code: field.value })}`);
});

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
