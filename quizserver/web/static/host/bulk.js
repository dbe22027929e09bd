// @ts-check
// Confirming many winners: one command each, the next one only when the state
// after the last has come. A confirmation may change who wins another prize
// (Source: R5.4, most prizes per person), so each is chosen from the newest state.

import { useEffect, useState } from "../kit/html.js";
import { unflagged } from "./prizes.js";

/** @typedef {{ step: number, asked: string[], note: object | null }} Run */

/** @param {import("./types.js").Winner} winner */
const nameOf = (winner) => `${winner.prize} ${winner.participant}`;

/**
 * @param {import("./topbar.js").Parts} parts
 * @returns {{ running: boolean, start: () => void }}
 */
export function useBulk({ host, model, act }) {
  const [run, setRun] = useState(/** @type {Run | null} */ (null));
  useEffect(() => {
    if (!run) return;
    const refused = model.note && model.note.kind === "error" && model.note !== run.note;
    if (refused || model.link !== "live" || host.phase !== "ended") {
      setRun(null);
      return;
    }
    if (Object.keys(model.pending).length || host.step <= run.step) return;
    const winner = unflagged(host).find((one) => !run.asked.includes(nameOf(one)));
    if (!winner) {
      setRun(null);
      return;
    }
    setRun({ ...run, step: host.step, asked: [...run.asked, nameOf(winner)] });
    const named = { prize: winner.prize, participant: winner.participant };
    act("send", { command: "confirm_winner", with: named, behind: true });
  }, [run, host, model]);
  const start = () => setRun({ step: host.step - 1, asked: [], note: model.note });
  return { running: run !== null, start };
}
