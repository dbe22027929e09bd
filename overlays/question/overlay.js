// @ts-check
// The question without what has a page of its own: clock, shares, the fastest.

import { QuestionAlone, Void } from "../_kit/parts/question.js";
import { scenes } from "../_kit/scenes.js";
import { start } from "../_kit/start.js";

start(scenes({
  asked: QuestionAlone, roll: QuestionAlone, open: QuestionAlone, locked: QuestionAlone,
  revealed: QuestionAlone, void: Void,
}, { placed: true }));
