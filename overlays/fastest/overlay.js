// @ts-check
// Who was right and fastest, by themselves.

import { FastestAlone } from "../_kit/parts/fastest.js";
import { scenes } from "../_kit/scenes.js";
import { start } from "../_kit/start.js";

start(scenes({ revealed: FastestAlone }));
