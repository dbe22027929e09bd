// @ts-check
// Shapes of what the server says to a host (quizserver/wire/host.py). Only
// types: fields at their default are left out of the JSON, hence the `?`.

/** @typedef {{ id: string, text: string }} Option */
/** @typedef {{ code: string, text: string }} Flag something to look at, as a sentence */
/** @typedef {{ command: string, label: string, number?: number, seconds?: number }} Next */
/**
 * @typedef {object} Row one question of the run-down
 * @property {string} id
 * @property {number | null} [number]
 * @property {string} text
 * @property {string} state
 * @property {boolean} [reserve]
 * @property {string | null} [void_reason]
 * @property {boolean} [unread] nobody but its authors has reviewed it
 * @property {string | null} [key] the right option, once it is revealed
 * @property {string | null} [key_was] the one it replaced
 * @property {string | null} [seal] the seal code, once no answer can come
 * @property {number} [lost_ms] of its time, while the server was away
 * @property {Option[]} [options] once it is revealed
 * @property {number | null} [answered]
 * @property {number | null} [right]
 * @property {"lower" | "side" | "full" | null} [position] where overlays draw it
 */
/**
 * @typedef {object} Question the current one, with its key
 * @property {string} id
 * @property {number} number
 * @property {number} total
 * @property {string} state
 * @property {string} text
 * @property {Option[]} options
 * @property {string} key
 * @property {string} explanation
 * @property {string} source
 * @property {number} duration_ms
 * @property {string} [as_of]
 * @property {string | null} [image]
 * @property {number} [lost_ms] of its time, while the server was away
 */
/**
 * @typedef {object} Fastest
 * @property {string} participant
 * @property {string} name
 * @property {string} unit
 * @property {number} rank
 * @property {boolean} tied
 * @property {number} time_ms
 * @property {string[]} [flags]
 * @property {Flag[]} [notes]
 * @property {string} [shown] what screens show where it is not the name
 */
/**
 * @typedef {object} Output a connected overlay
 * @property {string | null} [name] what its address calls it
 * @property {string} id
 * @property {string} view
 * @property {string} layout
 * @property {boolean} [visible]
 * @property {boolean | null} [active]
 * @property {string | null} [obs]
 * @property {number | null} [frame_p95_ms]
 * @property {string | null} [build]
 * @property {number} [seen_ms] since it was last heard of
 * @property {number} [number] its own, painted large when asked for
 * @property {boolean} [lost] it has gone; kept for some minutes
 * @property {string | null} [scene] what it draws
 * @property {number | null} [step] of the show
 * @property {number | null} [lag_ms] from the server's word to its picture
 * @property {number} [delay_ms] that it is set to wait
 * @property {string | null} [size]
 * @property {boolean | null} [streaming]
 * @property {boolean | null} [recording]
 * @property {number | null} [control] what OBS lets it do, 0 to 5
 * @property {boolean | null} [fonts] all it wants have come
 * @property {string} [place] its name for settings, the same after a reload
 * @property {"program" | "preview"} [bus]
 * @property {OutputSettings | null} [has] what it draws by
 * @property {string[]} [fixed] what stands in its address, which wins
 */
/**
 * @typedef {object} OutputSettings how one overlay draws; what is missing it does by itself
 * @property {string} [theme]
 * @property {string} [lang]
 * @property {string} [layout]
 * @property {string} [position]
 * @property {number} [delay_ms]
 * @property {boolean} [safe]
 * @property {boolean} [mute]
 * @property {string[]} [hide] layers that it leaves out
 */
/** @typedef {{ count: number, median_ms: number, spread_ms: number }} Delay */
/** @typedef {{ aligned?: boolean, delays?: Record<string, number>, sync_ms?: number | null }} Stream */
/** @typedef {{ measured: number, p50_ms?: number | null, p95_ms?: number | null, late?: number }} Fair */
/** @typedef {{ participant: string, name: string, unit: string }} Waiting a name that is to be passed */
/** @typedef {{ at: string, actor: string, name: string, what?: string, text?: string }} Audit */
/**
 * @typedef {object} Concern something that is wrong with the server
 * @property {string} code names its sentence, `host.concern.<code>`
 * @property {"warning" | "bad"} level
 * @property {string} gauge the figure of `health` that says so
 * @property {number} [value]
 * @property {"bytes" | "ms" | "count" | ""} [unit]
 */
/**
 * @typedef {object} Live what changes while nothing happens
 * @property {number} online
 * @property {number} joined
 * @property {number} [answered]
 * @property {Record<string, number>} [counts]
 * @property {number} [accepted]
 * @property {number} [late]
 * @property {number} [rejected]
 * @property {Fastest[]} [fastest]
 * @property {Record<string, number>} [via]
 * @property {Record<string, Delay>} [delays]
 * @property {Output[]} [outputs]
 * @property {Waiting[]} [waiting] whose names wait to be passed
 * @property {Record<string, Fair>} [fair] of the current question, by page
 * @property {Record<string, number>} [health]
 * @property {Concern[]} [concerns] the worst first
 * @property {Record<string, number>} [cheers] what was tapped in the last second
 * @property {string | null} [rehearsal_trouble] why simulated phones stopped; "" = unknown
 */
/**
 * @typedef {object} Standing
 * @property {number} rank
 * @property {boolean} tied
 * @property {string} name
 * @property {number} right
 * @property {number} total_ms
 * @property {string | null} [unit]
 */
/**
 * @typedef {object} Winner
 * @property {string} prize "show" or a question's id
 * @property {string} name
 * @property {string} status
 * @property {number | null} [number]
 * @property {string | null} [unit]
 * @property {number | null} [right]
 * @property {number | null} [time_ms]
 * @property {number} [rank]
 * @property {boolean} [tied]
 * @property {string | null} [participant]
 * @property {string | null} [reason]
 * @property {Flag[]} [notes]
 * @property {string} [shown] what screens show where it is not the name
 */
/**
 * @typedef {object} HostState everything a host panel shows
 * @property {string} epoch
 * @property {number} step
 * @property {string} phase
 * @property {string} code
 * @property {string} title
 * @property {string} lang
 * @property {string} timing
 * @property {Row[]} questions
 * @property {string[]} allowed
 * @property {Live} live
 * @property {string} [join_url]
 * @property {Next | null} [next]
 * @property {Question | null} [question]
 * @property {number | null} [opens_in_ms]
 * @property {number | null} [closes_in_ms]
 * @property {boolean} [paused]
 * @property {Standing[]} [standings]
 * @property {Winner[]} [winners]
 * @property {string | null} [notice]
 * @property {string | null} [pack_hash] what may be published before the show
 * @property {number} [prize_min_right] 0 = off
 * @property {number} [max_prizes_per_person] 0 = off
 * @property {Audit[]} [audit]
 * @property {"live" | "clear" | "hold"} [look] the word to all overlays
 * @property {Stream | null} [stream]
 * @property {string | null} [driver] the host who alone runs the show
 * @property {{ picture: string, question?: string | null } | null} [again] what overlays show once more
 * @property {boolean} [cheering] people may cheer between questions
 * @property {boolean} [names_held] screens show initials until a name is passed
 * @property {string | null} [names_until] the ISO day on which names are erased, after the end
 * @property {Record<string, OutputSettings>} [outputs] what is set for each place
 * @property {"" | "driver" | "role"} [held] why this host may not; the panel's own (model.js)
 */
/** @typedef {{ name: string, role: string, commands: string[] }} You who the server takes this host for */
/** @typedef {{ type: "command", command: string, ref: string, step: number } & Record<string, unknown>} Command */
/** @typedef {{ kind: "error" | "info", text: string }} Note */
/**
 * @typedef {object} Model what the panel knows; folded in model.js
 * @property {"connecting" | "live" | "offline"} link
 * @property {HostState | null} host
 * @property {number} receivedAt when `host` came, `performance.now()`
 * @property {number} changedAt when the next step last changed its meaning
 * @property {Record<string, string>} pending commands without a reply, by ref
 * @property {number} told the newest step that a reply spoke of
 * @property {Note | null} note
 * @property {You | null} you
 * @property {number} fatal close code that ended the connection; 0 = none
 */
/**
 * @typedef {object} Prefs the host's own choices, kept in this browser
 * @property {"light" | "dark"} theme
 * @property {string} lang
 * @property {boolean} shy hide key, numbers and names: the panel is on camera
 * @property {boolean} letters single letters are keys
 */
/** @typedef {(action: string, fields?: Record<string, unknown>) => void} Act */

export {};
