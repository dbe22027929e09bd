// @ts-check
// The winner by themselves.

import { Winner } from "../_kit/parts/winner.js";
import { scenes } from "../_kit/scenes.js";
import { start } from "../_kit/start.js";

start(scenes({ ended: Winner }));
