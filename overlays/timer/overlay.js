// @ts-check
// The clock by itself, in the upper right corner.

import { Timer } from "../_kit/parts/timer.js";
import { scenes } from "../_kit/scenes.js";
import { start } from "../_kit/start.js";

start(scenes({ roll: Timer, open: Timer, locked: Timer }));
