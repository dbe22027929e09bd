// @ts-check
// Who may win prizes (Source: R5.4, R5.8): a line among the checks before the show, and
// the dialog that sets it until the lobby opens.

import { html, useState } from "../kit/html.js";
import { t } from "../kit/texts.js";
import { Dialog } from "./dialog.js";
import { Icon } from "./icons.js";
import { isSpare } from "./model.js";

/** @param {import("./types.js").HostState} host */
const planned = (host) => host.questions.filter((row) => !isSpare(row)).length;

/**
 * Whether blind tapping can win a question's prize: a word of advice, never red,
 * because a show without the rule is a show all the same.
 * @param {Pick<import("./topbar.js").Parts, "host" | "act">} props
 */
export function PrizeRule({ host, act }) {
  const least = host.prize_min_right || 0;
  const most = host.max_prizes_per_person || 0;
  const text = least
    ? t("host.min_right_on", { n: least, total: planned(host) })
    : t("host.min_right_off");
  return html`<li class="check check-wide" data-check="min_right" data-ok=${least ? "true" : "advice"}>
    <${Icon} name=${least ? "check" : "alert"} size=${20} />
    <span>${text}${most > 0 && ` ${t("host.max_prizes_on", { n: most })}`}</span>
    ${
      host.allowed.includes("prize_rules") &&
      html`<button type="button" class="button check-act" onClick=${() => act("prize_rules")}>
        ${t("host.prize_rules_set")}
      </button>`
    }
  </li>`;
}

/** @param {import("./dialogs.js").DialogParts} props */
export function PrizeRulesForm({ host, act }) {
  const [least, setLeast] = useState(String(host.prize_min_right || 0));
  const [most, setMost] = useState(String(host.max_prizes_per_person || 0));
  const n = planned(host);
  const submit = (/** @type {Event} */ event) => {
    event.preventDefault();
    act("send", {
      command: "prize_rules",
      with: { prize_min_right: Number(least), max_prizes_per_person: Number(most) },
    });
  };
  return html`<${Dialog} kind="prize_rules" title=${t("host.prize_rules_title")} onClose=${() => act("close")}>
    <form class="prize-rules" onSubmit=${submit}>
      <${CountField} name="prize_min_right" value=${least} most=${n} onChange=${setLeast} />
      <${CountField} name="max_prizes_per_person" value=${most} most=${n + 1} onChange=${setMost} />
      <p class="hint">${t("host.prize_rules_hint")}</p>
      <p class="buttons">
        <button type="submit" class="button button-main">${t("host.prize_rules_save")}</button>
      </p>
    </form>
  </${Dialog}>`;
}

/** @param {{ name: string, value: string, most: number, onChange: (value: string) => void }} props */
function CountField({ name, value, most, onChange }) {
  return html`<div class="field">
    <label for=${name}>${t(`host.create_${name}`)}</label>
    <input
      class="input"
      id=${name}
      type="number"
      inputmode="numeric"
      min="0"
      max=${most}
      step="1"
      required
      value=${value}
      aria-describedby=${`${name}-hint`}
      onInput=${(/** @type {any} */ event) => onChange(event.target.value)}
    />
    <p class="hint" id=${`${name}-hint`}>${t(`host.create_${name}_hint`)}</p>
  </div>`;
}
