// @ts-check
// The autopilot presses the big button for the host, after a countdown that can be
// seen, where the next step is a matter of rhythm only. It never begins or ends a
// show; whoever presses first wins, and a page that is loaded anew has it off.

import { html, useEffect, useMemo, useReducer } from "../kit/html.js";
import { countdown, everySecond } from "../kit/clock.js";
import { t } from "../kit/texts.js";

/** Seconds before each step; the server itself locks at the deadline. @type {Record<string, number>} */
const WAITS = { open: 8, reveal: 4, standings: 8, ask: 8, next: 8 };

/**
 * @param {{ host: import("./types.js").HostState | null, link: string, on: boolean,
 *   press: () => void }} props
 * @returns {number | null} whole seconds until it presses; null: it waits for a host
 */
export function useAutopilot({ host, link, on, press }) {
  const [, again] = useReducer((/** @type {number} */ n) => n + 1, 0);
  const command = (host && host.next && host.next.command) || "";
  const runs = on && link === "live" && Boolean(host) && !(host && host.paused) && command in WAITS;
  const of = host ? `${host.epoch} ${host.step} ${command}` : "";
  const count = useMemo(
    () => (runs ? countdown(1000 * WAITS[command], performance.now()) : null),
    [runs, of],
  );
  useEffect(() => {
    if (!count) return undefined;
    const timer = window.setTimeout(press, count.remaining());
    const stop = everySecond(count, () => again(undefined));
    return () => {
      window.clearTimeout(timer);
      stop();
    };
  }, [count]);
  return count ? count.whole() : null;
}

/** The switch, among the keys. @param {{ on: boolean, act: import("./types.js").Act }} props */
export const AutopilotSwitch = ({ on, act }) =>
  html`<label class="switch">
    <input type="checkbox" checked=${on} onChange=${() => act("auto")} />
    <span>${t("host.auto_switch")}</span>
  </label>`;
