// @ts-check
// A question to try one's hand at while waiting: no clock, no server, no points.
// It looks and feels like a real one, so that nobody's first question is the first
// time (WCAG 2.2.1 allows the real one its fifteen seconds; this has none).

import { html, useEffect, useRef, useState } from "../kit/html.js";
import { t } from "../kit/texts.js";
import { Mark, speak } from "./parts.js";
import { Option } from "./question.js";
import { Answers } from "./result.js";
import { buzz } from "./wake.js";

const RIGHT = "B";

/** The question on trial, and what the tap led to. */
function Trial() {
  const [chosen, setChosen] = useState("");
  const heading = useRef(/** @type {HTMLElement | null} */ (null));
  useEffect(() => {
    if (heading.current) heading.current.focus({ preventScroll: chosen !== "" });
  }, [chosen]);

  /** @param {string} option */
  function tapped(option) {
    setChosen(option);
    buzz();
    const key = `${t("phone.result.correct")}: ${RIGHT}`;
    speak(option === RIGHT ? t("phone.practice.right") : `${t("phone.practice.wrong")} ${key}`);
  }

  const text = !chosen
    ? "phone.answer.choose"
    : chosen === RIGHT ? "phone.practice.right" : "phone.practice.wrong";
  const options = ["A", "B", "C"].map((id) => ({ id, text: t(`phone.practice.${id.toLowerCase()}`) }));
  return html`<h2 class="ask" tabindex="-1" ref=${heading}>${t("phone.practice.text")}</h2>
    <p class="status" data-tone=${chosen ? "recorded" : "choose"}>
      ${chosen && html`<${Mark} name=${chosen === RIGHT ? "right" : "wrong"} size=${22} />`}
      <span>${t(text)}</span>
    </p>
    ${chosen
      ? html`<${Answers} s=${{ question: { options }, answer: { option: chosen }, result: { correct: RIGHT } }} />`
      : html`<div class="options" role="group" aria-label=${t("phone.options")}>
          ${options.map(
            (option) => html`<${Option}
              key=${option.id}
              option=${option} size="s" mode="open" onTap=${() => tapped(option.id)}
            />`,
          )}
        </div>`}
    <p class="plain">${t("phone.practice.rule")}</p>`;
}

/** An offer in the lobby; nobody has to. */
export function Practice() {
  const [tries, setTries] = useState(0);
  return html`<div class="practice">
    ${tries > 0 && html`<${Trial} key=${tries} />`}
    <button type="button" class="button button-quiet" onClick=${() => setTries(tries + 1)}>
      ${t(tries ? "phone.practice.again" : "phone.practice.start")}
    </button>
  </div>`;
}
