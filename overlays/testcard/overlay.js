// @ts-check
// For setting a source up. It is no part of a show and is drawn at any time.

import { TestCard } from "../_kit/parts/testcard.js";
import { start } from "../_kit/start.js";

start(TestCard);
