// @ts-check
// The seal code of a closed question by itself.

import { SealCode } from "../_kit/parts/sealcode.js";
import { scenes } from "../_kit/scenes.js";
import { start } from "../_kit/start.js";

start(scenes({ locked: SealCode, revealed: SealCode, void: SealCode }));
