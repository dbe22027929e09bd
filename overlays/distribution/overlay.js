// @ts-check
// What the audience chose, in the right third of the picture.

import { Distribution } from "../_kit/parts/distribution.js";
import { scenes } from "../_kit/scenes.js";
import { start } from "../_kit/start.js";

start(scenes({ revealed: Distribution }));
