// @ts-check
// The lobby by itself.

import { Lobby } from "../_kit/parts/lobby.js";
import { scenes } from "../_kit/scenes.js";
import { start } from "../_kit/start.js";

start(scenes({ lobby: Lobby }));
