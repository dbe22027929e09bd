// @ts-check
// The stage: one browser source that follows the whole show by itself. It only
// chooses which part is on; the parts live in the kit, so that single pages
// draw exactly the same. Only it makes sounds, and only when asked (`sound=1`).

import { Pause } from "../_kit/parts/cards.js";
import { Lobby } from "../_kit/parts/lobby.js";
import { Question, Void } from "../_kit/parts/question.js";
import { Standings } from "../_kit/parts/standings.js";
import { Winner } from "../_kit/parts/winner.js";
import { Sync } from "../_kit/parts/sync.js";
import { scenes } from "../_kit/scenes.js";
import { sounding } from "../_kit/sound.js";
import { start } from "../_kit/start.js";

start(sounding(scenes({
  lobby: Lobby, asked: Question, roll: Question, open: Question, locked: Question,
  revealed: Question, void: Void, standings: Standings, ended: Winner, paused: Pause,
  sync: Sync,
}, { notice: true, placed: true, flights: true })));
