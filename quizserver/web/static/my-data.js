// @ts-check
// The page "My data" works without this. It fetches the seat where only the phone
// page's storage, or a cookie that a link from elsewhere did not carry, has it; and
// after an erasure it empties what this browser has stored of the person.

import { recoverSeat } from "./phone/api.js";
import { keysOf, load, save } from "./phone/storage.js";

const page = document.documentElement.dataset;
const code = page.show || "";
const keys = keysOf(code);
const TRIED = "#again";

async function comeBack() {
  const seat = load(keys.seat) || {};
  try {
    const joined = await recoverSeat(code, seat.recovery_code || "");
    save(keys.seat, { ...seat, ...joined, recovery_code: seat.recovery_code || "" });
    location.replace(location.pathname + TRIED);
    location.reload();
  } catch {
    // Then the page says how to be known.
  }
}

if (page.erased) {
  for (const key of [keys.seat, keys.answer, keys.via, keys.person]) save(key, null);
} else if (page.known === "0" && location.hash !== TRIED) {
  comeBack();
}
