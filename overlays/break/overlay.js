// @ts-check
// The technical pause in place of the picture.

import { Slate } from "../_kit/parts/cards.js";
import { scenes } from "../_kit/scenes.js";
import { start } from "../_kit/start.js";

start(scenes({ paused: Slate }));
