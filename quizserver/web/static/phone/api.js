// @ts-check
// The HTTP calls of a phone (docs/reference/wire.md §2). Each returns what the
// server said or throws `Refusal`; nothing here knows the screen.

/** Why a call failed: HTTP status (0 = no answer) and the server's own words. */
export class Refusal extends Error {
  /** @param {number} status @param {{code?: string, field?: string, message?: string}} said */
  constructor(status, said = {}) {
    super(said.message || "");
    this.status = status;
    this.code = said.code || "";
    this.field = said.field || "";
  }
}

/** @param {string} path @param {RequestInit} init @param {string} [token] */
async function call(path, init, token) {
  /** @type {Record<string, string>} */
  const headers = { Accept: "application/json" };
  if (init.body) headers["Content-Type"] = "application/json";
  if (token) headers.Authorization = `Bearer ${token}`;
  const answer = await fetch(path, { ...init, headers, cache: "no-store" }).catch(() => {
    throw new Refusal(0);
  });
  const body = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Refusal(answer.status, body.error);
  return body;
}

/** @param {object} body */
const post = (body) => ({ method: "POST", body: JSON.stringify(body) });

/** @param {string} code */
const show = (code) => `/api/shows/${encodeURIComponent(code)}`;

/**
 * Join a show: `{participant, name, token, recovery_code}`.
 * @param {string} code @param {object} body `JoinBody`
 */
export const joinShow = (code, body) => call(`${show(code)}/participants`, post(body));

/**
 * The same participant again, from the short code.
 * @param {string} code @param {string} recovery
 */
export const recoverSeat = (code, recovery) =>
  call(`${show(code)}/recover`, post({ recovery_code: recovery }));

/** The snapshot a socket would send. @param {string} token */
export const fetchState = (token) => call("/api/phone/state", { method: "GET" }, token);

/**
 * The answer by the other road; gives the same receipt (Source: R3.5).
 * @param {string} token @param {object} body the fields of `answer`
 */
export const postAnswer = (token, body) => call("/api/phone/answers", post(body), token);
