// @ts-check
// What people tap to cheer between questions, by itself.

import { CHEERFUL, Reactions } from "../_kit/parts/reactions.js";
import { scenes } from "../_kit/scenes.js";
import { start } from "../_kit/start.js";

start(scenes(Object.fromEntries(CHEERFUL.map((scene) => [scene, Reactions]))));
