// @ts-check
// The one place where Preact, its hooks and htm meet; every face imports from
// here, so that a page holds exactly one copy of each.

import { Fragment, h, render } from "../vendor/preact.mjs";
import {
  useCallback,
  useEffect,
  useLayoutEffect,
  useMemo,
  useReducer,
  useRef,
  useState,
} from "../vendor/hooks.mjs";
import htm from "../vendor/htm.mjs";

/** Tagged template that makes virtual nodes: html`<p>${text}</p>`. */
const html = htm.bind(h);

export {
  Fragment,
  h,
  html,
  render,
  useCallback,
  useEffect,
  useLayoutEffect,
  useMemo,
  useReducer,
  useRef,
  useState,
};
