// @ts-check
// Joining: a name, a place of work, and consent that is explicit, per purpose
// and unticked (Source: R2.1). Inputs are left to the browser, so nothing typed
// is lost when the page redraws; the server's refusals appear at their field.

import { html, useState } from "../kit/html.js";
import { t } from "../kit/texts.js";
import { Outside } from "./outside.js";
import { Heading, refusalText } from "./parts.js";
import { useSuggestion } from "./suggestion.js";
import { useWorkplaces } from "./workplaces.js";

/** Where a refusal of the server is shown. @type {Record<string, string>} */
const FIELDS = { name: "name", unit: "unit", "consent.play": "play" };

/** @param {{ field: string, wrong: any }} props */
const Wrong = ({ field, wrong }) =>
  wrong && wrong.field === field
    ? html`<p class="wrong" id=${`wrong-${field}`} role="alert">${wrong.text}</p>`
    : null;

/**
 * @param {object} props
 * @param {string} props.name @param {string} props.label @param {string} [props.hint]
 * @param {any} props.wrong @param {any} props.rest attributes of the input
 */
const Field = ({ name, label, hint, wrong, rest }) => {
  const bad = wrong && wrong.field === name;
  const about = `${hint ? `hint-${name}` : ""} ${bad ? `wrong-${name}` : ""}`.trim();
  return html`<div class="field">
    <label for=${name}>${label}</label>
    <input
      id=${name}
      name=${name}
      aria-invalid=${bad ? "true" : "false"}
      aria-describedby=${about || null}
      ...${rest}
    />
    ${hint && html`<p class="hint" id=${`hint-${name}`}>${hint}</p>`}
    <${Wrong} field=${name} wrong=${wrong} />
  </div>`;
};

/** @param {{ name: string, text: string, wrong?: any }} props */
const Tick = ({ name, text, wrong }) =>
  html`<div class="tick">
    <label><input type="checkbox" name=${name} /><span>${text}</span></label>
    <${Wrong} field=${name} wrong=${wrong} />
  </div>`;

/** @param {{ page: any }} props */
function Notice({ page }) {
  const who = page.organiser || t("phone.consent.organiser");
  const contact = page.contact || who;
  return html`<div class="consent-notice">
    <h2>${t("phone.consent.title")}</h2>
    <p>${t("phone.consent.notice", { who, days: page.keepDays, contact })}</p>
    <p><a href=${`/rules?show=${page.show}`} target="_blank" rel="noopener">${t("phone.rules")}</a></p>
  </div>`;
}

/** The code of somebody who was here before. @param {{ act: any }} props */
function Recover({ act }) {
  const [wrong, setWrong] = useState(/** @type {any} */ (null));
  /** @param {SubmitEvent} event */
  async function submit(event) {
    event.preventDefault();
    const form = /** @type {HTMLFormElement} */ (event.target);
    const text = new FormData(form).get("recovery_code");
    try {
      await act.recover(String(text).trim().toUpperCase());
    } catch (error) {
      setWrong({ field: "recovery_code", text: refusalText(error, "phone.recover.wrong") });
    }
  }
  return html`<details class="recover">
    <summary>${t("phone.recover.title")}</summary>
    <form onSubmit=${submit}>
      <${Field}
        name="recovery_code"
        label=${t("phone.recover.label")}
        hint=${t("phone.recover.hint")}
        wrong=${wrong}
        rest=${{ autocomplete: "off", autocapitalize: "characters", maxlength: 16, required: true }}
      />
      <button class="button button-quiet">${t("phone.recover.button")}</button>
    </form>
  </details>`;
}

/** @param {{ s: any, act: any, page: any }} props */
export function Join({ s, act, page }) {
  if (page.over && !s.epoch) return html`<${Heading}>${t("phone.ended.title")}<//>
    <p><a class="button button-quiet" href=${`/${page.show}/results`}>${t("phone.ended.results")}</a></p>
    <${Recover} act=${act} />`; // nobody is asked for anything any more
  const [wrong, setWrong] = useState(/** @type {any} */ (null));
  const [busy, setBusy] = useState(false);
  const person = act.person();
  const workplaces = useWorkplaces(page.workplaces);
  const suggestion = useSuggestion(workplaces.attributes.onFocus);

  /** @param {SubmitEvent} event */
  async function submit(event) {
    event.preventDefault();
    const form = new FormData(/** @type {HTMLFormElement} */ (event.target));
    const text = (/** @type {string} */ key) => String(form.get(key) || "").normalize("NFC").trim();
    const said = (/** @type {string} */ key) => form.get(key) !== null;
    const missing = !text("name") ? "name" : !said("play") ? "play" : "";
    if (missing) return point(missing, t(`phone.join.missing.${missing}`));
    setBusy(true);
    const consent = {
      // The text says for how long, so its version does.
      version: `${t("phone.consent.version")}/${page.keepDays}`,
      play: true, show_name: said("show_name"), contact: said("contact"),
    };
    try {
      await act.join({ name: text("name"), unit: text("unit"), consent });
    } catch (error) {
      const { field } = /** @type {any} */ (error);
      point(FIELDS[field] || "form", refusalText(error, "phone.error.server"));
    }
    setBusy(false);
  }

  /** @param {string} field @param {string} sentence */
  function point(field, sentence) {
    setWrong({ field, text: sentence });
    const input = document.getElementsByName(field)[0];
    if (input) input.focus();
  }

  return html`<${Heading}>${t("phone.join.title")}<//>
    <form class="join" novalidate onSubmit=${submit}>
      <${Field} name="name" label=${t("phone.join.name")} hint=${t("phone.join.name_hint")} wrong=${wrong}
        rest=${{ autocomplete: "name", maxlength: 80, required: true, defaultValue: person.name, ...suggestion.name }} />
      <${Field} name="unit" wrong=${wrong} label=${t("phone.join.unit_optional")} hint=${t("phone.join.unit_hint")}
        rest=${{ autocomplete: "organization", maxlength: 160, defaultValue: person.unit, ...workplaces.attributes, ...suggestion.unit }} />
      ${workplaces.list} ${suggestion.said}
      <${Notice} page=${page} />
      <${Tick} name="play" text=${t("phone.consent.play")} wrong=${wrong} />
      <${Tick} name="show_name" text=${t("phone.consent.show_name")} />
      <${Tick} name="contact" text=${t("phone.consent.contact")} />
      <${Wrong} field="form" wrong=${wrong} />
      <button class="button" aria-disabled=${busy ? "true" : "false"} disabled=${busy}>
        ${t(busy ? "phone.join.sending" : "phone.join.button")}
      </button>
    </form>
    <${Recover} act=${act} /><${Outside} />`;
}
