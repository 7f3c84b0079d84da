// Made from the API's documents by `make contracts`; changes to it are lost.

/**
 * @typedef {object} Asked what a call sends beside its method and address
 * @property {Record<string, string>} [path] its parts, which stand in the address already
 * @property {Record<string, string | number | boolean | null | undefined>} [query]
 * @property {object} [body] sent as JSON
 * @property {object} [form] sent as multipart/form-data
 * @property {string} [key] the Idempotency-Key
 * @property {AbortSignal} [signal] gives the call up
 *
 * @typedef {Pick<Asked, "key" | "signal">} Way how a call is made
 *
 * @callback Call
 * @param {string} method
 * @param {string} path
 * @param {Asked} asked
 * @returns {Promise<any>} the fields of a success, without the wrapping of `/rooms`
 */

/** @param {string | number} value */
const part = (value) => encodeURIComponent(value);

/**
 * Have a recording written down: what was heard, for the student to correct before it is said to the partner.
 *
 * @param {Call} call
 * @param {{ query?: { wait?: number | null | "" }, body: Wire.HearRecording } & Way} asked
 * @returns {Promise<Wire.RecordingHeardAnswer | Wire.JobAcceptedAnswer>}
 */
export const hearRecording = (call, asked) => call("POST", "/api/ai/chat/hear", asked);

/**
 * Say something to the partner; the answer is made, pushed, and found by its requestId.
 *
 * @param {Call} call
 * @param {{ body: Wire.SendTurn } & Way} asked
 * @returns {Promise<Wire.TurnAcceptedAnswer>}
 */
export const sendTurn = (call, asked) => call("POST", "/api/ai/chat/message", asked);

/**
 * Begin a conversation; the partner sets the scene and speaks first.
 *
 * @param {Call} call
 * @param {{ query?: { wait?: number | null | "" }, body?: Wire.StartConversation } & Way} [asked]
 * @returns {Promise<Wire.ConversationOpenedAnswer | Wire.JobAcceptedAnswer>}
 */
export const startConversation = (call, asked) => call("POST", "/api/ai/chat/start", asked ?? {});

/**
 * Show how far a turn is.
 *
 * @param {Call} call
 * @param {{ path: { requestId: string } } & Way} asked
 * @returns {Promise<Wire.TurnStatusAnswer>}
 */
export const showTurn = (call, asked) => call("GET", `/api/ai/chat/status/${part(asked.path.requestId)}`, asked);

/**
 * List one's conversations, newest first.
 *
 * @param {Call} call
 * @param {{ query?: { cursor?: string | null | "", limit?: number | null | "" } } & Way} [asked]
 * @returns {Promise<Wire.ConversationsPageAnswer>}
 */
export const listConversations = (call, asked) => call("GET", "/api/ai/conversations", asked ?? {});

/**
 * Show a conversation with its turns, and its report once it has ended.
 *
 * @param {Call} call
 * @param {{ path: { conversationId: string } } & Way} asked
 * @returns {Promise<Wire.ConversationDetailsAnswer>}
 */
export const showConversation = (call, asked) => call("GET", `/api/ai/conversations/${part(asked.path.conversationId)}`, asked);

/**
 * End a conversation and report on the student's English in it.
 *
 * @param {Call} call
 * @param {{ path: { conversationId: string }, query?: { wait?: number | null | "" } } & Way} asked
 * @returns {Promise<Wire.ConversationReportedAnswer | Wire.JobAcceptedAnswer>}
 */
export const endConversation = (call, asked) => call("POST", `/api/ai/conversations/${part(asked.path.conversationId)}/end`, asked);

/**
 * Prove an e-mail by its code.
 *
 * @param {Call} call
 * @param {{ body: Wire.Confirm } & Way} asked
 * @returns {Promise<Wire.Done>}
 */
export const confirm = (call, asked) => call("POST", "/api/auth/confirm", asked);

/**
 * Ask for a code to reset the password.
 *
 * @param {Call} call
 * @param {{ body: Wire.Forgot } & Way} asked
 * @returns {Promise<Wire.Done>}
 */
export const forgot = (call, asked) => call("POST", "/api/auth/forgot", asked);

/**
 * Sign in; with `X-SpeakTracker-Client: web` the refresh token goes into a cookie and not into the answer.
 *
 * @param {Call} call
 * @param {{ body: Wire.Login } & Way} asked
 * @returns {Promise<Wire.SignedInAnswer>}
 */
export const login = (call, asked) => call("POST", "/api/auth/login", asked);

/**
 * End this sign-in, everywhere within two seconds.
 *
 * @param {Call} call
 * @param {{ body?: Wire.Logout } & Way} [asked]
 * @returns {Promise<Wire.Done>}
 */
export const logout = (call, asked) => call("POST", "/api/auth/logout", asked ?? {});

/**
 * Set a new password by the one before; the other sign-ins end within two seconds.
 *
 * @param {Call} call
 * @param {{ body: Wire.ChangePassword } & Way} asked
 * @returns {Promise<Wire.Done>}
 */
export const changePassword = (call, asked) => call("POST", "/api/auth/password", asked);

/**
 * Get new access and id tokens; the web client by its cookie, with the header `X-SpeakTracker-Client: web`.
 *
 * @param {Call} call
 * @param {{ body?: Wire.Refresh } & Way} [asked]
 * @returns {Promise<Wire.RefreshedAnswer>}
 */
export const refreshTokens = (call, asked) => call("POST", "/api/auth/refresh", asked ?? {});

/**
 * Sign up; a verification code goes out by e-mail.
 *
 * @param {Call} call
 * @param {{ body: Wire.Register } & Way} asked
 * @returns {Promise<Wire.RegisteredAnswer>}
 */
export const register = (call, asked) => call("POST", "/api/auth/register", asked);

/**
 * Send the code again.
 *
 * @param {Call} call
 * @param {{ body: Wire.Resend } & Way} asked
 * @returns {Promise<Wire.Done>}
 */
export const resend = (call, asked) => call("POST", "/api/auth/resend", asked);

/**
 * Set a new password by a code; all sign-ins of the account end within two seconds.
 *
 * @param {Call} call
 * @param {{ body: Wire.Reset } & Way} asked
 * @returns {Promise<Wire.Done>}
 */
export const reset = (call, asked) => call("POST", "/api/auth/reset", asked);

/**
 * List what was said between oneself and somebody, newest first.
 *
 * @param {Call} call
 * @param {{ query: { with: string, cursor?: string | null | "", limit?: number | null | "" } } & Way} asked
 * @returns {Promise<Wire.FeedbackPageAnswer>}
 */
export const listFeedback = (call, asked) => call("GET", "/api/feedback", asked);

/**
 * Note that one has read feedback.
 *
 * @param {Call} call
 * @param {{ path: { feedbackId: string } } & Way} asked
 * @returns {Promise<Wire.FeedbackNotedAnswer>}
 */
export const readFeedback = (call, asked) => call("POST", `/api/feedback/${part(asked.path.feedbackId)}/read`, asked);

/**
 * Draw a graph of an export (multipart, field `file`), or of one's own talk (JSON, `{"source": "me"}`).
 *
 * @param {Call} call
 * @param {{ body?: Wire.DrawOwnTalk, form?: FormData | Wire.DrawnExport } & Way} [asked]
 * @returns {Promise<Wire.GraphScheduledAnswer>}
 */
export const drawGraph = (call, asked) => call("POST", "/api/graphs", asked ?? {});

/**
 * List one's graphs, newest first.
 *
 * @param {Call} call
 * @param {{ query?: { cursor?: string | null | "", limit?: number | null | "" } } & Way} [asked]
 * @returns {Promise<Wire.GraphsPageAnswer>}
 */
export const listGraphs = (call, asked) => call("GET", "/api/graphs", asked ?? {});

/**
 * Show a graph or part of it, in a format that others read; or search it by meaning.
 *
 * @param {Call} call
 * @param {{ path: { graphId: string }, query?: { wait?: number | null | "", since?: string | null | "", from?: string | null | "", to?: string | null | "", language?: "en" | "ko" | null | "", cluster?: string | null | "", format?: "json" | "graphml" | "gexf" | "csv" | null | "", near?: string | null | "", limit?: number | null | "" } } & Way} asked
 * @returns {Promise<Wire.GraphMapAnswer | Wire.NearestNodesAnswer | Wire.JobAcceptedAnswer>}
 */
export const showGraph = (call, asked) => call("GET", `/api/graphs/${part(asked.path.graphId)}`, asked);

/**
 * Call a graph otherwise.
 *
 * @param {Call} call
 * @param {{ path: { graphId: string }, body: Wire.RenameGraph } & Way} asked
 * @returns {Promise<Wire.GraphItemAnswer>}
 */
export const renameGraph = (call, asked) => call("PATCH", `/api/graphs/${part(asked.path.graphId)}`, asked);

/**
 * Remove a graph with its map, its vectors and its upload; what is still drawn is cancelled.
 *
 * @param {Call} call
 * @param {{ path: { graphId: string } } & Way} asked
 * @returns {Promise<Wire.GraphRemovedAnswer>}
 */
export const removeGraph = (call, asked) => call("DELETE", `/api/graphs/${part(asked.path.graphId)}`, asked);

/**
 * Show a job of one's own.
 *
 * @param {Call} call
 * @param {{ path: { jobId: string } } & Way} asked
 * @returns {Promise<Wire.JobDetailsAnswer>}
 */
export const showJob = (call, asked) => call("GET", `/api/jobs/${part(asked.path.jobId)}`, asked);

/**
 * Cancel what has not finished.
 *
 * @param {Call} call
 * @param {{ path: { jobId: string } } & Way} asked
 * @returns {Promise<Wire.JobDetailsAnswer>}
 */
export const cancelJob = (call, asked) => call("DELETE", `/api/jobs/${part(asked.path.jobId)}`, asked);

/**
 * Show one's own account.
 *
 * @param {Call} call
 * @param {Way} [asked]
 * @returns {Promise<Wire.AccountShownAnswer>}
 */
export const showAccount = (call, asked) => call("GET", "/api/me", asked ?? {});

/**
 * Change one's own account; null clears, absent keeps.
 *
 * @param {Call} call
 * @param {{ body?: Wire.UpdateAccount } & Way} [asked]
 * @returns {Promise<Wire.AccountShownAnswer>}
 */
export const updateAccount = (call, asked) => call("PATCH", "/api/me", asked ?? {});

/**
 * Leave for good: removed or made nameless everywhere; the job's result, and a mail, are the receipt.
 *
 * @param {Call} call
 * @param {{ body: Wire.EraseOwnAccount } & Way} asked
 * @returns {Promise<Wire.JobAcceptedAnswer>}
 */
export const eraseAccount = (call, asked) => call("DELETE", "/api/me", asked);

/**
 * Show what one spent oneself today.
 *
 * @param {Call} call
 * @param {Way} [asked]
 * @returns {Promise<Wire.BudgetItemAnswer>}
 */
export const showOwnBudgets = (call, asked) => call("GET", "/api/me/budgets", asked ?? {});

/**
 * Have everything of oneself gathered; the job's result has the archive's address, good for one hour.
 *
 * @param {Call} call
 * @param {Way} [asked]
 * @returns {Promise<Wire.JobAcceptedAnswer>}
 */
export const exportAccount = (call, asked) => call("POST", "/api/me/export", asked ?? {});

/**
 * Offer a place for a profile image.
 *
 * @param {Call} call
 * @param {{ body: Wire.RequestProfileImage } & Way} asked
 * @returns {Promise<Wire.UploadOfferAnswer>}
 */
export const requestProfileImage = (call, asked) => call("POST", "/api/me/profile-image", asked);

/**
 * List one's sign-ins, the last used first.
 *
 * @param {Call} call
 * @param {Way} [asked]
 * @returns {Promise<Wire.SignInListAnswer>}
 */
export const listSignIns = (call, asked) => call("GET", "/api/me/sign-ins", asked ?? {});

/**
 * End one of one's sign-ins, everywhere within two seconds.
 *
 * @param {Call} call
 * @param {{ path: { signInId: string } } & Way} asked
 * @returns {Promise<Wire.Done>}
 */
export const endSignIn = (call, asked) => call("DELETE", `/api/me/sign-ins/${part(asked.path.signInId)}`, asked);

/**
 * End all of one's sign-ins but this one, everywhere within two seconds.
 *
 * @param {Call} call
 * @param {Way} [asked]
 * @returns {Promise<Wire.SignInsEndedAnswer>}
 */
export const endOtherSignIns = (call, asked) => call("POST", "/api/me/sign-ins/end-others", asked ?? {});

/**
 * List one's mistakes; with `due`, those that are due, the worst first.
 *
 * @param {Call} call
 * @param {{ query?: { kind?: "pronunciation" | "correction" | "feedback" | null | "", due?: boolean | null | "", cursor?: string | null | "", limit?: number | null | "" } } & Way} [asked]
 * @returns {Promise<Wire.EntriesPageAnswer>}
 */
export const listNotebook = (call, asked) => call("GET", "/api/notebook", asked ?? {});

/**
 * Mark an entry as known, or not after all.
 *
 * @param {Call} call
 * @param {{ path: { entryId: string }, body: Wire.MarkKnown } & Way} asked
 * @returns {Promise<Wire.NotebookItemAnswer>}
 */
export const markKnown = (call, asked) => call("PATCH", `/api/notebook/${part(asked.path.entryId)}`, asked);

/**
 * Hear the better words of an entry of the notebook: the audio where it is there already, else a job.
 *
 * @param {Call} call
 * @param {{ path: { entryId: string }, body?: Wire.SayEntry } & Way} asked
 * @returns {Promise<Wire.SpeechReadyAnswer | Wire.SpeechQueuedAnswer>}
 */
export const sayEntry = (call, asked) => call("POST", `/api/notebook/${part(asked.path.entryId)}/voice`, asked);

/**
 * List one's notifications, newest first, and count the unread ones.
 *
 * @param {Call} call
 * @param {{ query?: { unread?: boolean | null | "", cursor?: string | null | "", limit?: number | null | "" } } & Way} [asked]
 * @returns {Promise<Wire.NotificationsPageAnswer>}
 */
export const listNotifications = (call, asked) => call("GET", "/api/notifications", asked ?? {});

/**
 * Note a notification as read.
 *
 * @param {Call} call
 * @param {{ path: { notificationId: string } } & Way} asked
 * @returns {Promise<Wire.NotificationNotedAnswer>}
 */
export const readNotification = (call, asked) => call("POST", `/api/notifications/${part(asked.path.notificationId)}/read`, asked);

/**
 * Note all of one's notifications as read.
 *
 * @param {Call} call
 * @param {Way} [asked]
 * @returns {Promise<Wire.NotificationsNotedAnswer>}
 */
export const readAllNotifications = (call, asked) => call("POST", "/api/notifications/read-all", asked ?? {});

/**
 * Let a person sign in no more, and end what they have open, within two seconds.
 *
 * @param {Call} call
 * @param {{ path: { email: string } } & Way} asked
 * @returns {Promise<Wire.Done>}
 */
export const lockAccount = (call, asked) => call("POST", `/api/operations/accounts/${part(asked.path.email)}/lock`, asked);

/**
 * Let a person sign in again.
 *
 * @param {Call} call
 * @param {{ path: { email: string } } & Way} asked
 * @returns {Promise<Wire.Done>}
 */
export const unlockAccount = (call, asked) => call("POST", `/api/operations/accounts/${part(asked.path.email)}/unlock`, asked);

/**
 * List what users spent on a day.
 *
 * @param {Call} call
 * @param {{ query?: { date?: string | null | "", cursor?: string | null | "", limit?: number | null | "" } } & Way} [asked]
 * @returns {Promise<Wire.BudgetsPageAnswer>}
 */
export const listBudgets = (call, asked) => call("GET", "/api/operations/budgets", asked ?? {});

/**
 * Count open connections by kind and gateway; a gateway tells every 30 s.
 *
 * @param {Call} call
 * @param {Way} [asked]
 * @returns {Promise<Wire.ConnectionCountsAnswer>}
 */
export const showConnections = (call, asked) => call("GET", "/api/operations/connections", asked ?? {});

/**
 * List letters, newest first.
 *
 * @param {Call} call
 * @param {{ query?: { queue?: string | null | "", task?: string | null | "", fingerprint?: string | null | "", state?: "open" | "parked" | "replayed" | "discarded" | null | "", from?: string | null | "", to?: string | null | "", cursor?: string | null | "", limit?: number | null | "" } } & Way} [asked]
 * @returns {Promise<Wire.DeadLettersPageAnswer>}
 */
export const listDeadLetters = (call, asked) => call("GET", "/api/operations/dead-letters", asked ?? {});

/**
 * Show a letter; `?reveal=true` shows people's words, and is noted.
 *
 * @param {Call} call
 * @param {{ path: { letterId: string }, query?: { reveal?: boolean | null | "" } } & Way} asked
 * @returns {Promise<Wire.DeadLetterDetailsAnswer>}
 */
export const showDeadLetter = (call, asked) => call("GET", `/api/operations/dead-letters/${part(asked.path.letterId)}`, asked);

/**
 * Write a letter's arguments anew.
 *
 * @param {Call} call
 * @param {{ path: { letterId: string }, body: Wire.EditDeadLetter } & Way} asked
 * @returns {Promise<Wire.DeadLetterItemAnswer>}
 */
export const editDeadLetter = (call, asked) => call("PATCH", `/api/operations/dead-letters/${part(asked.path.letterId)}`, asked);

/**
 * Be done with a letter, for a reason.
 *
 * @param {Call} call
 * @param {{ path: { letterId: string }, body: Wire.DiscardDeadLetter } & Way} asked
 * @returns {Promise<Wire.DeadLetterItemAnswer>}
 */
export const discardDeadLetter = (call, asked) => call("POST", `/api/operations/dead-letters/${part(asked.path.letterId)}/discard`, asked);

/**
 * Send a letter's job again; a second time does nothing.
 *
 * @param {Call} call
 * @param {{ path: { letterId: string } } & Way} asked
 * @returns {Promise<Wire.LetterReplayedAnswer>}
 */
export const replayDeadLetter = (call, asked) => call("POST", `/api/operations/dead-letters/${part(asked.path.letterId)}/replay`, asked);

/**
 * Count unsettled letters by their cause.
 *
 * @param {Call} call
 * @param {Way} [asked]
 * @returns {Promise<Wire.LetterGroupsAnswer>}
 */
export const groupDeadLetters = (call, asked) => call("GET", "/api/operations/dead-letters/groups", asked ?? {});

/**
 * Send all open letters again that match, as a job; or say what that would come to.
 *
 * @param {Call} call
 * @param {{ body?: Wire.ReplayMatching } & Way} [asked]
 * @returns {Promise<Wire.DryRunAnswer | Wire.JobAcceptedAnswer>}
 */
export const replayDeadLetters = (call, asked) => call("POST", "/api/operations/dead-letters/replay", asked ?? {});

/**
 * Show what waits on each queue and where it is heading; a poller looks every 15 s.
 *
 * @param {Call} call
 * @param {Way} [asked]
 * @returns {Promise<Wire.QueueListAnswer>}
 */
export const showQueues = (call, asked) => call("GET", "/api/operations/queues", asked ?? {});

/**
 * Show five numbers and what is wrong, the worst first, as `speaktracker status` says it.
 *
 * @param {Call} call
 * @param {Way} [asked]
 * @returns {Promise<Wire.PlatformStatusAnswer>}
 */
export const showStatus = (call, asked) => call("GET", "/api/operations/status", asked ?? {});

/**
 * Show the workers that live, and the queues to which none of them listens; a worker tells every 10 s.
 *
 * @param {Call} call
 * @param {Way} [asked]
 * @returns {Promise<Wire.WorkerListAnswer>}
 */
export const showWorkers = (call, asked) => call("GET", "/api/operations/workers", asked ?? {});

/**
 * Have a worker receive nothing more and finish what it has; it reads again only after a restart.
 *
 * @param {Call} call
 * @param {{ path: { worker: string } } & Way} asked
 * @returns {Promise<Wire.WorkerDrainingAnswer>}
 */
export const drainWorker = (call, asked) => call("POST", `/api/operations/workers/${part(asked.path.worker)}/drain`, asked);

/**
 * Have a worker of processes add some, until there are so many in all; threads are never added.
 *
 * @param {Call} call
 * @param {{ path: { worker: string }, body: Wire.GrowWorker } & Way} asked
 * @returns {Promise<Wire.WorkerGrownAnswer>}
 */
export const growWorker = (call, asked) => call("POST", `/api/operations/workers/${part(asked.path.worker)}/grow`, asked);

/**
 * List what is due for another try, the worst first.
 *
 * @param {Call} call
 * @param {{ query?: { cursor?: string | null | "", limit?: number | null | "" } } & Way} [asked]
 * @returns {Promise<Wire.ReviewPageAnswer>}
 */
export const listReview = (call, asked) => call("GET", "/api/practice/review", asked ?? {});

/**
 * Have sentences written, and each of them spoken; without a session a new one is begun.
 *
 * @param {Call} call
 * @param {{ query?: { wait?: number | null | "" }, body: Wire.GenerateSentences } & Way} asked
 * @returns {Promise<Wire.SentencesReadyAnswer | Wire.JobAcceptedAnswer>}
 */
export const generateSentences = (call, asked) => call("POST", "/api/sentences/generate", asked);

/**
 * List one's sessions, newest first.
 *
 * @param {Call} call
 * @param {{ query?: { cursor?: string | null | "", limit?: number | null | "" } } & Way} [asked]
 * @returns {Promise<Wire.SessionsPageAnswer>}
 */
export const listSessions = (call, asked) => call("GET", "/api/sessions", asked ?? {});

/**
 * End a session; the duration is in seconds, by the server's clock. Again changes nothing.
 *
 * @param {Call} call
 * @param {{ body: Wire.EndSession } & Way} asked
 * @returns {Promise<Wire.SessionEndedAnswer>}
 */
export const endSession = (call, asked) => call("POST", "/api/sessions/end", asked);

/**
 * Begin a session.
 *
 * @param {Call} call
 * @param {{ body: Wire.StartSession } & Way} asked
 * @returns {Promise<Wire.SessionStartedAnswer>}
 */
export const startSession = (call, asked) => call("POST", "/api/sessions/start", asked);

/**
 * Show one's days, in the account's time zone.
 *
 * @param {Call} call
 * @param {{ query?: { from?: string | null | "", to?: string | null | "" } } & Way} [asked]
 * @returns {Promise<Wire.DaysAnswer>}
 */
export const showDays = (call, asked) => call("GET", "/api/statistics/daily", asked ?? {});

/**
 * Say how a sentence was said in a recording.
 *
 * @param {Call} call
 * @param {{ query?: { wait?: number | null | "" }, form: FormData | Wire.RecordingForm } & Way} asked
 * @returns {Promise<Wire.ResultItemAnswer | Wire.JobAcceptedAnswer>}
 */
export const evaluateRecording = (call, asked) => call("POST", "/api/stt/evaluate", asked);

/**
 * List one's results, newest first.
 *
 * @param {Call} call
 * @param {{ query?: { cursor?: string | null | "", limit?: number | null | "" } } & Way} [asked]
 * @returns {Promise<Wire.ResultsPageAnswer>}
 */
export const listResults = (call, asked) => call("GET", "/api/stt/results", asked ?? {});

/**
 * Show one result, with the address of its recording where that was kept.
 *
 * @param {Call} call
 * @param {{ path: { resultId: string } } & Way} asked
 * @returns {Promise<Wire.ResultItemAnswer>}
 */
export const showResult = (call, asked) => call("GET", `/api/stt/results/${part(asked.path.resultId)}`, asked);

/**
 * Tell one's tutors what one is doing.
 *
 * @param {Call} call
 * @param {{ body: Wire.ShowStatus } & Way} asked
 * @returns {Promise<Wire.StatusShownAnswer>}
 */
export const showStudentStatus = (call, asked) => call("POST", "/api/student-status", asked);

/**
 * List one's own tutors.
 *
 * @param {Call} call
 * @param {Way} [asked]
 * @returns {Promise<Wire.OwnTutorsAnswer>}
 */
export const listOwnTutors = (call, asked) => call("GET", "/api/student/tutors", asked ?? {});

/**
 * Stop being taught by a tutor.
 *
 * @param {Call} call
 * @param {{ path: { email: string } } & Way} asked
 * @returns {Promise<Wire.Done>}
 */
export const leaveTutor = (call, asked) => call("DELETE", `/api/student/tutors/${part(asked.path.email)}`, asked);

/**
 * Have a text spoken: the audio where it is there already, else a job.
 *
 * @param {Call} call
 * @param {{ body: Wire.RequestSpeech } & Way} asked
 * @returns {Promise<Wire.SpeechReadyAnswer | Wire.SpeechQueuedAnswer>}
 */
export const requestSpeech = (call, asked) => call("POST", "/api/tts", asked);

/**
 * Show how far a voice is that one has asked for.
 *
 * @param {Call} call
 * @param {{ path: { jobId: string } } & Way} asked
 * @returns {Promise<Wire.SpeechStatusAnswer>}
 */
export const showSpeech = (call, asked) => call("GET", `/api/tts/status/${part(asked.path.jobId)}`, asked);

/**
 * Tell a student something, at once.
 *
 * @param {Call} call
 * @param {{ body: Wire.SendFeedback } & Way} asked
 * @returns {Promise<Wire.FeedbackSentAnswer>}
 */
export const sendFeedback = (call, asked) => call("POST", "/api/tutor/feedback", asked);

/**
 * List one's students as they are just now.
 *
 * @param {Call} call
 * @param {Way} [asked]
 * @returns {Promise<Wire.StudentListAnswer>}
 */
export const listStudents = (call, asked) => call("GET", "/api/tutor/students", asked ?? {});

/**
 * List the results of a student who agreed, newest first.
 *
 * @param {Call} call
 * @param {{ path: { email: string }, query?: { cursor?: string | null | "", limit?: number | null | "" } } & Way} asked
 * @returns {Promise<Wire.ResultsPageAnswer>}
 */
export const listStudentsResults = (call, asked) => call("GET", `/api/tutor/students/${part(asked.path.email)}/results`, asked);

/**
 * Show one result of a student who agreed, with its recording where the student lets tutors hear it.
 *
 * @param {Call} call
 * @param {{ path: { resultId: string, email: string } } & Way} asked
 * @returns {Promise<Wire.ResultItemAnswer>}
 */
export const showStudentsResult = (call, asked) => call("GET", `/api/tutor/students/${part(asked.path.email)}/results/${part(asked.path.resultId)}`, asked);

/**
 * Show the days of a student who agreed, in the student's time zone.
 *
 * @param {Call} call
 * @param {{ path: { email: string }, query?: { from?: string | null | "", to?: string | null | "" } } & Way} asked
 * @returns {Promise<Wire.DaysAnswer>}
 */
export const showStudentsDays = (call, asked) => call("GET", `/api/tutor/students/${part(asked.path.email)}/statistics`, asked);

/**
 * Stop teaching a student.
 *
 * @param {Call} call
 * @param {{ path: { email: string } } & Way} asked
 * @returns {Promise<Wire.Done>}
 */
export const endTeaching = (call, asked) => call("DELETE", `/api/tutor/students/${part(asked.path.email)}`, asked);

/**
 * List tutors by name.
 *
 * @param {Call} call
 * @param {{ query?: { search?: string | null | "", cursor?: string | null | "", limit?: number | null | "" } } & Way} [asked]
 * @returns {Promise<Wire.TutorsPageAnswer>}
 */
export const listTutors = (call, asked) => call("GET", "/api/tutors", asked ?? {});

/**
 * Ask a tutor.
 *
 * @param {Call} call
 * @param {{ path: { email: string }, body?: Wire.RequestTutor } & Way} asked
 * @returns {Promise<Wire.RequestSentAnswer>}
 */
export const requestTutor = (call, asked) => call("POST", `/api/tutors/${part(asked.path.email)}/request`, asked);

/**
 * List requests received or sent.
 *
 * @param {Call} call
 * @param {{ query?: { status?: "PENDING" | "APPROVED" | "REJECTED" | null | "", cursor?: string | null | "", limit?: number | null | "" } } & Way} [asked]
 * @returns {Promise<Wire.RequestsPageAnswer>}
 */
export const listRequests = (call, asked) => call("GET", "/api/tutors/requests", asked ?? {});

/**
 * Take a student on.
 *
 * @param {Call} call
 * @param {{ path: { requestId: string } } & Way} asked
 * @returns {Promise<Wire.DecidedAnswer>}
 */
export const approveRequest = (call, asked) => call("POST", `/api/tutors/requests/${part(asked.path.requestId)}/approve`, asked);

/**
 * Decline a student.
 *
 * @param {Call} call
 * @param {{ path: { requestId: string } } & Way} asked
 * @returns {Promise<Wire.DecidedAnswer>}
 */
export const rejectRequest = (call, asked) => call("POST", `/api/tutors/requests/${part(asked.path.requestId)}/reject`, asked);

/**
 * Say that this process answers.
 *
 * @param {Call} call
 * @param {Way} [asked]
 * @returns {Promise<Wire.Done>}
 */
export const healthz = (call, asked) => call("GET", "/healthz", asked ?? {});

/**
 * Ask everything that this process needs, at once and with a deadline, and name what does not answer.
 *
 * @param {Call} call
 * @param {Way} [asked]
 * @returns {Promise<Wire.ReadinessAnswer>}
 */
export const readyz = (call, asked) => call("GET", "/readyz", asked ?? {});

/**
 * Make a room.
 *
 * @param {Call} call
 * @param {{ body: Wire.CreateRoom } & Way} asked
 * @returns {Promise<Wire.RoomDetails>}
 */
export const createRoom = (call, asked) => call("POST", "/rooms", asked);

/**
 * List rooms, newest first; of one person's in a day, the 21st and later ones stand further back.
 *
 * @param {Call} call
 * @param {{ query?: { level?: "beginner" | "intermediate" | "advanced" | string | null | "", joined?: boolean | null | "", cursor?: string | null | "", limit?: number | null | "", difficulty?: "beginner" | "intermediate" | "advanced" | string | null | "" } } & Way} [asked]
 * @returns {Promise<Wire.RoomsPage>}
 */
export const listRooms = (call, asked) => call("GET", "/rooms", asked ?? {});

/**
 * Show a room.
 *
 * @param {Call} call
 * @param {{ path: { roomId: string } } & Way} asked
 * @returns {Promise<Wire.RoomDetails>}
 */
export const showRoom = (call, asked) => call("GET", `/rooms/${part(asked.path.roomId)}`, asked);

/**
 * End a room.
 *
 * @param {Call} call
 * @param {{ path: { roomId: string } } & Way} asked
 * @returns {Promise<null>}
 */
export const deleteRoom = (call, asked) => call("DELETE", `/rooms/${part(asked.path.roomId)}`, asked);

/**
 * Have the partner say something in a room.
 *
 * @param {Call} call
 * @param {{ path: { roomId: string }, body?: Wire.AskRoomPartner } & Way} asked
 * @returns {Promise<Wire.JobAccepted>}
 */
export const askRoomPartner = (call, asked) => call("POST", `/rooms/${part(asked.path.roomId)}/ai`, asked);

/**
 * Enter a room and get the ticket for its WebSocket.
 *
 * @param {Call} call
 * @param {{ path: { roomId: string }, body?: Wire.JoinRoom } & Way} asked
 * @returns {Promise<Wire.RoomJoined>}
 */
export const joinRoom = (call, asked) => call("POST", `/rooms/${part(asked.path.roomId)}/join`, asked);

/**
 * Leave a room.
 *
 * @param {Call} call
 * @param {{ path: { roomId: string } } & Way} asked
 * @returns {Promise<Wire.RoomLeft>}
 */
export const leaveRoom = (call, asked) => call("POST", `/rooms/${part(asked.path.roomId)}/leave`, asked);

/**
 * List a room's messages, newest first.
 *
 * @param {Call} call
 * @param {{ path: { roomId: string }, query?: { cursor?: string | null | "", limit?: number | null | "" } } & Way} asked
 * @returns {Promise<Wire.MessagesPage>}
 */
export const listMessages = (call, asked) => call("GET", `/rooms/${part(asked.path.roomId)}/messages`, asked);

/**
 * Have a message of a room spoken.
 *
 * @param {Call} call
 * @param {{ path: { roomId: string, messageId: string }, body: Wire.RequestMessageVoice } & Way} asked
 * @returns {Promise<Wire.SpeechReady | Wire.SpeechQueued>}
 */
export const requestMessageVoice = (call, asked) => call("POST", `/rooms/${part(asked.path.roomId)}/messages/${part(asked.path.messageId)}/voice`, asked);

/**
 * Offer a place for an image or a recording.
 *
 * @param {Call} call
 * @param {{ path: { roomId: string }, body: Wire.RequestUpload } & Way} asked
 * @returns {Promise<Wire.UploadOffer>}
 */
export const requestUpload = (call, asked) => call("POST", `/rooms/${part(asked.path.roomId)}/uploads`, asked);
