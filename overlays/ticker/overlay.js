// @ts-check
// The strip below, in every scene that has news.

import { Ticker } from "../_kit/parts/ticker.js";
import { scenes } from "../_kit/scenes.js";
import { start } from "../_kit/start.js";

start(scenes(Object.fromEntries(
  ["lobby", "asked", "roll", "open", "locked", "revealed", "void", "standings", "ended"]
    .map((scene) => [scene, Ticker]),
)));
