// What the gateway sends, as this client reads it: types only, by the names of the API's documents.

/**
 * @typedef {object} Account
 * @property {string} userId
 * @property {string} email
 * @property {string} name
 * @property {"student" | "tutor"} role
 * @property {"en" | "ko" | null} [language]
 * @property {Level | null} [level]
 * @property {string} timeZone
 * @property {string | null} [profileImageKey]
 * @property {string | null} [profileImageUrl]
 */

/** @typedef {"beginner" | "intermediate" | "advanced"} Level */

/**
 * @typedef {object} Room
 * @property {string} roomId
 * @property {string} name
 * @property {Level} level
 * @property {number} currentMembers
 * @property {number} maxMembers
 * @property {boolean} isPrivate
 * @property {string} lastMessageAt
 * @property {string | null} [description]
 * @property {string[] | null} [faces]
 * @property {string} [createdAt]
 */

/**
 * @typedef {object} RoomMore
 * @property {string} createdBy
 * @property {{ userId: string, name: string }[] | null} [members]
 *
 * @typedef {Room & RoomMore} RoomDetails
 */

/**
 * @typedef {object} Message
 * @property {string} messageId
 * @property {string} roomId
 * @property {string} userId
 * @property {string} content
 * @property {"TEXT" | "IMAGE" | "VOICE" | "AI_RESPONSE"} messageType
 * @property {string} createdAt
 * @property {number} seq
 * @property {string} [url]
 */

/**
 * @typedef {object} Notification
 * @property {string} notificationId
 * @property {string} type
 * @property {string} title
 * @property {string} message
 * @property {Record<string, any>} data
 * @property {boolean} read
 * @property {string} createdAt
 */

/**
 * @typedef {object} Feedback
 * @property {string} feedback_id
 * @property {string} tutor_email
 * @property {string} student_email
 * @property {string} message
 * @property {string} message_type
 * @property {"tip" | "praise" | "correction"} [kind]
 * @property {string} timestamp
 * @property {string | null} [audio_url]
 * @property {string | null} [read_at]
 */

/**
 * @typedef {object} Correction
 * @property {string} original
 * @property {string} better
 * @property {{ start: number, end: number, original: string, better: string }[]} spans
 * @property {string} why
 */

/**
 * @typedef {object} Conversation
 * @property {string} conversationId
 * @property {Level} difficulty
 * @property {string} topic
 * @property {string} role
 * @property {string} situation
 * @property {string} firstMessage
 * @property {number} turnCount
 * @property {string} startedAt
 * @property {string | null} [endedAt]
 * @property {{ summary: string, corrections: Correction[], phrases: { english: string, meaning: string }[], turnCount: number } | null} [report]
 */

/**
 * @typedef {object} Word
 * @property {string} text
 * @property {number} start
 * @property {number} end
 * @property {number} startMs
 * @property {number} endMs
 */

export {};
