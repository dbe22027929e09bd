// @ts-check
// Calls to the server. Whatever goes wrong comes back as a value with a sentence for
// the person: a lost line, a refusal, a session that has ended.

import { lang, t } from "../kit/texts.js";

/**
 * @typedef {object} Flaw
 * @property {string} code @property {string} field @property {string} file
 * @property {number | null} line @property {number | null} number
 * @property {string} question @property {string} what @property {string} cure
 * @typedef {object} Said
 * @property {boolean} ok @property {string} code "" when it went well
 * @property {string} message @property {Flaw[]} flaws @property {any} data
 */

/**
 * @param {string} path
 * @param {{ json?: object, body?: Blob }} [sent] a body makes it a POST
 * @returns {Promise<Said>}
 */
export async function call(path, { json, body } = {}) {
  const url = new URL(path, location.origin);
  url.searchParams.set("lang", lang());
  const sends = json !== undefined || body !== undefined;
  try {
    const answer = await fetch(url.href, {
      method: sends ? "POST" : "GET",
      headers: sends ? { "X-CSRF-Token": csrf(), "Content-Type": "application/json" } : {},
      body: json === undefined ? body : JSON.stringify(json),
    });
    return said(answer.status, await answer.json().catch(() => ({})));
  } catch {
    return said(0, {});
  }
}

function csrf() {
  const meta = document.querySelector("meta[name=csrf]");
  return (meta && meta.getAttribute("content")) || "";
}

/** @param {number} status @param {any} data @returns {Said} */
function said(status, data) {
  const error = data.error || {};
  const ok = status >= 200 && status < 300;
  const code = ok ? "" : error.code || (status ? "other" : "offline");
  const own = ["offline", "sign_in_first", "too_big"].includes(code);
  const message = own ? t(`editor.error.${code}`) : error.message || t("editor.error.other");
  return { ok, code, message: ok ? "" : message, flaws: data.flaws || [], data };
}

/** @param {string} pack @param {string[]} parts */
export const packPath = (pack, ...parts) =>
  ["/api/packs", pack, ...parts].map((part, place) => (place ? encodeURIComponent(part) : part)).join("/");
