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
 * @property {boolean | null} [isAccepting]
 * @property {number | null} [maxStudents]
 * @property {boolean} [keepRecordings]
 * @property {boolean} [shareResults]
 * @property {boolean} [shareRecordings]
 * @property {number | null} [dailyGoalMinutes]
 * @property {boolean} [isOperator]
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
 * @property {boolean} [websocket_sent]
 * @property {Anchor | null} [anchor]
 */

/**
 * What feedback is about: letters `from` to `to` of a result's sentence, and the second of its recording.
 * @typedef {object} Anchor
 * @property {string | null} [messageId]
 * @property {string | null} [resultId]
 * @property {number | null} [from]
 * @property {number | null} [to]
 * @property {number | null} [second]
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

/** @typedef {"correct" | "mispronounced" | "missed" | "extra"} WordStatus */

/**
 * @typedef {object} SpokenWord
 * @property {string} word
 * @property {WordStatus} status
 * @property {number | null} [startMs]
 * @property {number | null} [endMs]
 * @property {number | null} [score]
 * @property {string | null} [heard]
 * @property {{ difficulty: string, text: string, minimalPair?: [string, string] | null } | null} [hint]
 */

/**
 * @typedef {object} Result
 * @property {string} resultId
 * @property {string} originalText
 * @property {string} transcribedText
 * @property {number} overallScore
 * @property {number} wordAccuracy
 * @property {number} completenessScore
 * @property {number | null} [fluencyScore]
 * @property {"A" | "B" | "C" | "D" | "F" | null} [grade]
 * @property {string} feedback
 * @property {number} audioDurationMs
 * @property {SpokenWord[]} words
 * @property {string} createdAt
 * @property {string | null} [recordingUrl]
 */

/**
 * @typedef {object} NotebookEntry
 * @property {string} entryId
 * @property {"pronunciation" | "correction" | "feedback"} kind
 * @property {string} said
 * @property {string} better
 * @property {string | null} [why]
 * @property {string} source
 * @property {number} count
 * @property {string} dueAt
 * @property {boolean} known
 * @property {number | null} [lastScore]
 */

export {};
