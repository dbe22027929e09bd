// @ts-check
// The standings by themselves.

import { Standings } from "../_kit/parts/standings.js";
import { scenes } from "../_kit/scenes.js";
import { start } from "../_kit/start.js";

start(scenes({ standings: Standings }));
