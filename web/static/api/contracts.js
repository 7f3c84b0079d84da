// What the gateway sends, under this client's own names: types only, made from the API's documents (generated/).

/** @typedef {Wire.AccountShownAnswer} Account */
/** @typedef {"beginner" | "intermediate" | "advanced"} Level */
/** @typedef {Wire.RoomItem} Room */
/** @typedef {Wire.RoomDetails} RoomDetails */
/** @typedef {Wire.MessageItem} Message */
/** @typedef {Wire.NotificationItem} Notification */
/** @typedef {Wire.FeedbackItem} Feedback */

/**
 * What feedback is about: letters `from` to `to` of a result's sentence, and the second of its recording.
 * @typedef {Wire.Anchor} Anchor
 */

/** @typedef {Wire.Correction} Correction */
/** @typedef {Wire.ConversationItem & { report?: Wire.Report }} Conversation */

/**
 * @typedef {object} Word
 * @property {string} text
 * @property {number} start
 * @property {number} end
 * @property {number} startMs
 * @property {number} endMs
 */

/** @typedef {Wire.WordStatus} WordStatus */
/** @typedef {Wire.WordItem} SpokenWord */
/** @typedef {Wire.ResultItem} Result */
/** @typedef {Wire.NotebookItem} NotebookEntry */

export {};
