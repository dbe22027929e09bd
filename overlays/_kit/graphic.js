// @ts-check
// An overlay as a graphic of OGraf v1 (EBU), for renderers that know nothing of us: a custom
// element that holds the overlay's page in a frame, so that nothing of either leaks into the
// other. What is asked last is what is wanted: an action never waits for the one before.

import { fade, filled, framed, pageOf, serverOf, stands } from "./graphicpage.js";

const STYLE = `
  :host { display: block; position: absolute; inset: 0; overflow: hidden; pointer-events: none; }
  iframe { position: absolute; left: 0; top: 0; width: 100%; height: 100%; border: 0; opacity: 0;
    color-scheme: normal; }`;

/** Before playAction() and after stopAction(). */
const OUT = -1;

/** @typedef {import("./graphicpage.js").How} How */

/** @param {number} statusCode as of HTTP @param {string} statusMessage */
const answer = (statusCode, statusMessage = "OK") => ({ statusCode, statusMessage });

/** @param {import("./graphicpage.js").Facts} facts @returns {any} the class that a renderer registers */
export function graphic(facts) {
  const says = facts.says;
  return class extends HTMLElement {
    #loaded = false;
    #data = /** @type {import("./graphicpage.js").Data} */ ({});
    #page = /** @type {import("./graphicpage.js").Page | null} */ (null);
    #step = OUT;

    /** @param {{ data?: unknown, renderType?: string }} params */
    async load({ data, renderType } = {}) {
      if (renderType === "non-realtime") return answer(400, says.real_time);
      this.#clear();
      const root = this.shadowRoot || this.attachShadow({ mode: "open" });
      const style = new CSSStyleSheet();
      style.replaceSync(STYLE);
      root.adoptedStyleSheets = [style];
      this.#loaded = true;
      return this.updateAction({ data });
    }

    async dispose() {
      this.#clear();
      return answer(200);
    }

    /**
     * On air. A show goes by itself, and so does a sample: they have one step. Of a sample
     * that stands on a frame (`at`) each further frame is a step.
     * @param {{ delta?: number, goto?: number } & How} params
     */
    async playAction({ delta, goto, ...how } = {}) {
      if (!this.#loaded) return answer(409, says.not_loaded);
      const was = this.#step;
      const wanted = Math.max(OUT, goto ?? was + (delta ?? 1));
      this.#step = stands(this.#filled()) ? wanted : Math.min(wanted, 0);
      // A sample begins when somebody sees it, not when it was loaded.
      await this.#show(how, was === OUT && this.#plays());
      if (!this.#page) this.#step = OUT;
      if (this.#loaded && !this.#page) return answer(400, says.nothing);
      return { ...answer(200), currentStep: this.#step === OUT ? undefined : this.#step };
    }

    /** @param {How} how */
    async stopAction(how = {}) {
      if (!this.#loaded) return answer(409, says.not_loaded);
      this.#step = OUT;
      // At once: what still loads keeps nothing on the air.
      await Promise.all(this.#frames().map((frame) => fade(frame, false, how)));
      if (this.#loaded) await this.#show(how);
      return answer(200);
    }

    /** @param {{ data?: unknown } & How} params */
    async updateAction({ data, ...how } = {}) {
      if (!this.#loaded) return answer(409, says.not_loaded);
      const wanted = { ...this.#data, .../** @type {object} */ (data) };
      const { server } = filled(wanted);
      if (server && !serverOf(server)) return answer(400, says.bad_server); // what is on stays on
      this.#data = wanted;
      await this.#show(how);
      return answer(200);
    }

    /** @param {{ id?: string } & How} params */
    async customAction({ id, ...how } = {}) {
      if (!this.#loaded) return answer(409, says.not_loaded);
      if (id !== "reload") return answer(400, says.no_such);
      await this.#show(how, true);
      return answer(200);
    }

    #clear() {
      if (this.#page) this.#page.end();
      [this.#loaded, this.#data, this.#page, this.#step] = [false, {}, null, OUT];
      if (this.shadowRoot) this.shadowRoot.replaceChildren();
    }

    #frames() {
      return [.../** @type {ShadowRoot} */ (this.shadowRoot).querySelectorAll("iframe")];
    }

    #filled() {
      return { server: facts.given.server, ...filled(this.#data) };
    }

    /** Whether there is a sample that goes by itself. */
    #plays() {
      const data = this.#filled();
      return Boolean(data.demo) && !stands(data);
    }

    /**
     * Put on, or take off, what the data ask for. Its page is seen once it is whole, and the
     * one before goes then.
     * @param {How} how @param {boolean} [anew] load the page even if it is the same
     */
    async #show(how, anew = false) {
      const root = /** @type {ShadowRoot} */ (this.shadowRoot);
      const src = pageOf(facts, this.#filled(), Math.max(this.#step, 0));
      if (anew || src !== (this.#page ? this.#page.src : "")) {
        if (this.#page) this.#page.end();
        this.#page = src ? framed(src) : null;
        if (this.#page) root.append(this.#page.frame);
      }
      const page = this.#page;
      if (page) await page.whole;
      if (page !== this.#page) return; // somebody has asked for another one since
      const old = this.#frames().filter((one) => !page || one !== page.frame);
      const going = old.map((frame) => fade(frame, false, how));
      if (page) await fade(page.frame, this.#step !== OUT, how);
      await Promise.all(going);
      if (page === this.#page) old.forEach((frame) => frame.remove());
    }
  };
}
