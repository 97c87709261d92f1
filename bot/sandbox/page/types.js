/**
 * The shapes that the local Slack's server gives and takes. Types only: nothing here runs.
 *
 * @typedef {{type: "plain_text"|"mrkdwn", text: string, emoji?: boolean, verbatim?: boolean}} Text
 * @typedef {{text: Text, value: string, description?: Text, url?: string}} Option
 * @typedef {{label: Text, options: Option[]}} OptionGroup
 * @typedef {{title: Text, text: Text, confirm: Text, deny: Text, style?: string}} Confirm
 * @typedef {{type: string, action_id?: string, [field: string]: any}} Element A Block Kit element.
 * @typedef {{type: string, block_id?: string, [field: string]: any}} Block A Block Kit block.
 *
 * @typedef {Object} View
 * @property {string} id
 * @property {string} [hash] changes whenever the view's content does
 * @property {"modal"|"home"} type
 * @property {Text} [title]
 * @property {Text} [submit]
 * @property {Text} [close]
 * @property {Block[]} blocks
 * @property {{values: Values}} [state]
 *
 * @typedef {Record<string, any>} Value one input's value in Slack's shape: {type, value} or {type, selected_date} …
 * @typedef {Record<string, Record<string, Value>>} Values block_id → action_id → value
 *
 * @typedef {Object} Message
 * @property {string} ts
 * @property {string} user
 * @property {string} [bot_id]
 * @property {string} text
 * @property {Block[]} [blocks]
 * @property {boolean} edited
 * @property {boolean} ephemeral
 * @property {SharedFile[]} [files]
 *
 * @typedef {{id: string, deleted: boolean, name?: string, title?: string, size?: number}} SharedFile only its id is left of one that was deleted
 *
 * @typedef {{user: string, channel: string|null, unread: number, messages: Message[], home: View|null, modals: View[]}} Seat
 *
 * @typedef {Object} Person
 * @property {string} id
 * @property {string} name
 * @property {string} real_name
 * @property {string} [title]
 * @property {string} tz
 * @property {string} [tz_label]
 * @property {string} [locale]
 * @property {boolean} [deleted]
 * @property {boolean} [is_bot]
 * @property {boolean} [is_stranger]
 * @property {boolean} [is_restricted]
 * @property {string} [color]
 *
 * @typedef {{word: string, hint?: string, help?: string}} Word
 * @typedef {{command: string, description?: string, usage_hint?: string, words?: Word[]}} Command
 * @typedef {{name: string, type: "global"|"message", callback_id: string, description?: string}} Shortcut
 * @typedef {{now: string, next_due: string|null, running?: boolean}} Clock
 *
 * @typedef {Object} Workspace
 * @property {{id: string, name: string}} team
 * @property {{id: string, name: string, bot_user_id: string, bot_name: string}} app
 * @property {Person[]} people
 * @property {Command[]} commands
 * @property {Shortcut[]} shortcuts
 * @property {Clock} clock
 *
 * @typedef {{type: "message", message_ts: string}|{type: "view", view_id: string}} Container
 * @typedef {{ok: boolean, error?: string, errors?: Record<string, string>, result?: string, [key: string]: any}} Answer
 *
 * @typedef {Object} Surface What blocks are drawn on: a message, Home, or a modal, as one person sees it.
 * @property {Container} container
 * @property {import("./form.js").Form} form
 * @property {Reader} reader
 * @property {(block_id: string, action_id: string, action: Value, source: HTMLElement) => Promise<void>} press
 * @property {(() => void)} [enter] Enter was pressed in a single-line input
 *
 * @typedef {Object} Reader Who reads, and when: what mentions and dates need.
 * @property {Person} person
 * @property {(id: string) => string} nameOf
 * @property {() => Date} now
 * @property {Person[]} people
 */

export {};
