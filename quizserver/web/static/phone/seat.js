// @ts-check
// The seat: the token that makes this phone the same participant after a refresh,
// a lock screen or a server restart (Source: R2.2). It is kept here and in the
// server's cookie; the recovery code brings it back when the token is old.

import { joinShow, recoverSeat } from "./api.js";
import { load, save } from "./storage.js";

/**
 * @param {object} parts
 * @param {string} parts.code the show's code
 * @param {string} parts.key where the seat is kept
 * @param {boolean} parts.cookie the request carried a good cookie
 * @param {(joined: any) => void} parts.onTaken @param {() => void} parts.onLost
 */
export function createSeat({ code, key, cookie, onTaken, onLost }) {
  /** @type {{token: string, recovery_code?: string} | null} */
  let seat = load(key) || (cookie ? { token: "" } : null);
  let recovering = false;

  /** @param {any} joined the server's `Joined` */
  function take(joined) {
    seat = joined;
    save(key, joined);
    onTaken(joined);
  }

  function leave() {
    seat = null;
    save(key, null);
    onLost();
  }

  /** @param {string} recovery */
  function comeBack(recovery) {
    recoverSeat(code, recovery).then(take, ({ status }) => {
      const refused = status >= 400 && status < 500 && status !== 429;
      if (refused) leave();
      else window.setTimeout(comeBack, 2000 + Math.random() * 3000, recovery);
    });
  }

  return {
    isHeld: () => seat !== null,
    token: () => (seat ? seat.token : ""),
    recovery: () => (seat && seat.recovery_code) || "",
    /** @param {object} body `JoinBody` */
    join: async (body) => take(await joinShow(code, body)),
    /** @param {string} recovery */
    recover: async (recovery) => take(await recoverSeat(code, recovery)),
    /** Take the seat of a code that came with the address, however long it takes. */
    bring: comeBack,
    /** The server does not take the token: try the code (none: the cookie) once,
     * else join again. */
    refused() {
      const recovery = (seat && seat.recovery_code) || "";
      if (!(recovery || cookie) || recovering) return leave();
      recovering = true;
      return comeBack(recovery);
    },
  };
}
