// @ts-check
// Sounds of the show, made here from plain tones: no file, nobody's copyright.
// Off unless the address says `sound=1`. A cue sounds when it is seen live, never
// after a reload; the last seconds tick by the clock of the sound itself.

import { html, useEffect, useRef } from "../../kit/html.js";
import { sceneOf } from "./scene.js";

/** Loudness of everything, 0 to 1: under a presenter's voice. */
const LOUD = 0.22;
/** How many of the last seconds tick. */
const TICKS = 5;

/**
 * @typedef {[hertz: number, at: number, length: number]} Tone times in seconds
 * @type {Record<string, Tone[]>} scene → tones
 */
const CUES = {
  lobby: [[392, 0, 0.5], [523, 0.18, 0.7]],
  asked: [[659, 0, 0.3], [880, 0.14, 0.5]],
  open: [[523, 0, 0.16], [784, 0.1, 0.4]],
  locked: [[98, 0, 0.5], [147, 0, 0.3]],
  revealed: [[523, 0, 0.7], [659, 0.08, 0.7], [784, 0.16, 0.9]],
  standings: [[440, 0, 0.3], [494, 0.12, 0.3], [587, 0.24, 0.5]],
  ended: [[523, 0, 0.3], [659, 0.15, 0.3], [784, 0.3, 0.3], [1047, 0.45, 1.4]],
};

/** @type {AudioContext | null} */
let context = null;
/** @type {GainNode | null} */
let output = null;

/** The mixer, made at the first sound. */
function mixer() {
  if (!context || !output) {
    context = new AudioContext();
    output = context.createGain();
    output.gain.value = LOUD;
    output.connect(context.destination);
  }
  return { context, output };
}

/** One soft tone. @param {Tone} tone @param {number} from seconds of the context's clock */
function play([hertz, at, length], from) {
  const { context: made, output: out } = mixer();
  const voice = made.createOscillator();
  const shape = made.createGain();
  const begin = from + at;
  voice.type = hertz < 200 ? "sine" : "triangle";
  voice.frequency.value = hertz;
  shape.gain.setValueAtTime(0, begin);
  shape.gain.linearRampToValueAtTime(1, begin + 0.012);
  shape.gain.exponentialRampToValueAtTime(0.001, begin + length);
  voice.connect(shape).connect(out);
  voice.start(begin);
  voice.stop(begin + length + 0.05);
  return voice;
}

/** Ticks of the last seconds before `endsAt`. @param {number} endsAt as of performance.now() */
function tick(endsAt) {
  const { context: made } = mixer();
  const end = made.currentTime + (endsAt - performance.now()) / 1000;
  const seconds = Array.from({ length: TICKS }, (_, index) => index + 1);
  const ahead = seconds.filter((second) => end - second > made.currentTime);
  return ahead.map((second) => play([second === 1 ? 1320 : 990, -second, 0.09], end));
}

/**
 * The overlay, with sounds where the address asks for them.
 * @param {any} Overlay
 */
export function sounding(Overlay) {
  /** @param {import("./scenes.js").Props} props */
  return function Sounding(props) {
    const { look, params } = props;
    const scene = sceneOf(look);
    const before = useRef(scene);
    useEffect(() => {
      const changed = before.current !== scene;
      before.current = scene;
      if (params.sound && changed && look.live && CUES[scene]) {
        const { context: made } = mixer();
        CUES[scene].forEach((tone) => play(tone, made.currentTime + 0.02));
      }
    });
    const endsAt = scene === "roll" ? look.opensAt : scene === "open" ? look.closesAt : null;
    useEffect(() => {
      if (!params.sound || endsAt === null || document.hidden) return undefined;
      const voices = tick(endsAt);
      return () => voices.forEach((voice) => voice.stop());
    }, [endsAt]);
    return html`<${Overlay} ...${props} />`;
  };
}
