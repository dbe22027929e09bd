// @ts-check
// Which dialog is open. Each one ends in `act("send", …)`, which closes it and
// sends one command, or in `act("close")`.

import { html } from "../kit/html.js";
import { Reshow, Undo } from "./again.js";
import { Driver } from "./driver.js";
import { ErasePerson } from "./erase.js";
import { KeyMap } from "./keymap.js";
import { Links, Rekey } from "./links.js";
import { NamesQueue } from "./moderation.js";
import { OutputsTable } from "./outputs.js";
import { BarPerson, HidePerson, PersonNotes, SkipWinner } from "./people.js";
import { PrizeRulesForm } from "./prizerules.js";
import { RecountQuestion } from "./recount.js";
import { Reorder } from "./reorder.js";
import { Rehearsal } from "./rehearsal.js";
import { OutputSettings } from "./settings.js";
import { StreamDelay } from "./stream.js";
import { EndShow, NoticeForm, QuestionCard, TakeReserve, VoidQuestion } from "./steps.js";

/** @typedef {import("./topbar.js").Parts & { dialog: { kind: string } & Record<string, any> }} DialogParts */

/** @type {Record<string, any>} */
const KINDS = {
  void: VoidQuestion,
  reserve: TakeReserve,
  notice: NoticeForm,
  end: EndShow,
  undo: Undo,
  reshow: Reshow,
  reorder: Reorder,
  prize_rules: PrizeRulesForm,
  question: QuestionCard,
  hide: HidePerson,
  skip: SkipWinner,
  bar: BarPerson,
  erase: ErasePerson,
  notes: PersonNotes,
  recount: RecountQuestion,
  links: Links,
  rekey: Rekey,
  outputs: OutputsTable,
  driver: Driver,
  rehearsal: Rehearsal,
  names: NamesQueue,
  stream: StreamDelay,
  settings: OutputSettings,
  keys: KeyMap,
};

/** @param {DialogParts} props */
export function Dialogs(props) {
  // The key makes a fresh dialog when one leads to another (question → void).
  return html`<${KINDS[props.dialog.kind]} key=${props.dialog.kind} ...${props} />`;
}
