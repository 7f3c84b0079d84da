// Made from the API's documents by `make contracts`; changes to it are lost.

declare namespace Wire {
interface AccountShownAnswer {
  success: true;
  /** A sentence for people, in the reader's language. */
  message: string;
  userId: string;
  email: string;
  name: string;
  role: Role;
  language?: Language;
  level?: "beginner" | "intermediate" | "advanced";
  timeZone: string;
  profileImageKey?: string;
  profileImageUrl?: string;
  isAccepting?: boolean;
  maxStudents?: number;
  keepRecordings: boolean;
  shareResults: boolean;
  shareRecordings: boolean;
  dailyGoalMinutes?: number;
  isOperator: boolean;
  createdAt: string;
}

/** The address is too long. */
interface AddressTooLongFailure {
  success: false;
  error: "INVALID_REQUEST";
  /** A sentence for people, in the reader's language. */
  message: string;
  /** What is wrong, field by field; other refusals say in them what led to them. */
  details?: (Record<string, unknown>)[];
  /** Names this request in the platform's logs. */
  requestId: string;
}

/** What the feedback is about: a message or a result, letters `from` to `to` of it, or a second of a recording. */
interface Anchor {
  messageId?: string;
  resultId?: string;
  from?: number;
  to?: number;
  second?: number;
}

/** What the feedback is about: a message or a result, letters `from` to `to` of it, or a second of a recording. */
interface AnchorInput {
  messageId?: string | null;
  resultId?: string | null;
  from?: number | null;
  to?: number | null;
  second?: number | null;
}

/** Say something to the partner; the same requestId again, on whichever connection, is the same turn. */
interface AskPartner {
  action: "sendMessage";
  requestId: string;
  message: string;
  timestamp?: string | number | null;
  conversationId?: string | null;
  stream?: boolean;
}

/** Have the partner say something in a room. */
interface AskRoomPartner {
  prompt?: string | null;
}

/** Sentence `index` of an answer can be heard, and the times of its words read; both for one hour. */
interface AudioReady {
  type: "audioReady";
  requestId: string;
  index: number;
  audioUrl: string;
  wordsUrl?: string;
}

/** What somebody did to a letter, or looked at; `by` is a user id, an operator at a shell, or a rule. */
interface Audit {
  letterId: string;
  at: string;
  by: string;
  action: string;
  details?: string;
}

/** Who waits for a job, and what they were told last: that it FAILED, with the code of why, or that it goes on. */
interface AwaitedBy {
  userId: string;
  status: JobStatus;
  error?: string;
  toldAt: string;
}

/** A budget came nearer to its end. */
interface BudgetChanged {
  type: "budget";
  kind: Kind;
  used: number;
  limit: number;
  state: BudgetState;
}

/** One user's day: what was used, by kind, with the limit of each and its state. */
interface BudgetItem {
  userId: string;
  date: string;
  budgets: (BudgetChanged)[];
}

interface BudgetItemAnswer {
  success: true;
  /** A sentence for people, in the reader's language. */
  message: string;
  userId: string;
  date: string;
  budgets: (BudgetChanged)[];
}

/** OK below 80 %, WARNED from there on, SHORTENED (short answers) from 95 %, SPENT at 100 %. */
type BudgetState = "ok" | "warned" | "shortened" | "spent";

interface BudgetsPageAnswer {
  success: true;
  /** A sentence for people, in the reader's language. */
  message: string;
  nextCursor: string | null;
  hasMore: boolean;
  budgets: (BudgetItem)[];
}

/** Set a new password by the one before. */
interface ChangePassword {
  oldPassword: string;
  newPassword: string;
}

/** The gateway stops; it closes the connection with 1012 next. */
interface Closing {
  type: "closing";
  reason: string;
}

/** Prove the e-mail. */
interface Confirm {
  /** Taken in any letter case; a domain in another script is written in punycode. */
  email: string;
  code: string;
}

/** The state of things does not allow it now. */
interface ConflictFailure {
  success: false;
  error: "CONFLICT";
  /** A sentence for people, in the reader's language. */
  message: string;
  /** What is wrong, field by field; other refusals say in them what led to them. */
  details?: (Record<string, unknown>)[];
  /** Names this request in the platform's logs. */
  requestId: string;
}

/** The first frame: which connection this is, and where its room's sequence stands. */
interface Connected {
  action: "connected";
  connectionId: string;
  roomId?: string;
  lastSeq?: number;
  epoch?: string;
}

interface ConnectionCountsAnswer {
  success: true;
  /** A sentence for people, in the reader's language. */
  message: string;
  room: number;
  user: number;
  total: number;
  gateways: (GatewayConnections)[];
}

interface ConversationDetailsAnswer {
  success: true;
  /** A sentence for people, in the reader's language. */
  message: string;
  conversationId: string;
  difficulty: string;
  topic: string;
  role: string;
  situation: string;
  firstMessage: string;
  turnCount: number;
  startedAt: string;
  endedAt?: string;
  audioJobId?: string;
  turns: (TurnItem)[];
  report?: Report;
}

/** A conversation as it is listed. */
interface ConversationItem {
  conversationId: string;
  difficulty: string;
  topic: string;
  role: string;
  situation: string;
  firstMessage: string;
  turnCount: number;
  startedAt: string;
  endedAt?: string;
}

interface ConversationOpenedAnswer {
  success: true;
  /** A sentence for people, in the reader's language. */
  message: string;
  conversationId: string;
  situation: string;
  firstMessage: string;
  audioJobId?: string;
}

interface ConversationReportedAnswer {
  success: true;
  /** A sentence for people, in the reader's language. */
  message: string;
  summary: string;
  corrections: (Correction)[];
  phrases: (Phrase)[];
  turnCount: number;
  conversationId: string;
}

interface ConversationsPageAnswer {
  success: true;
  /** A sentence for people, in the reader's language. */
  message: string;
  nextCursor: string | null;
  hasMore: boolean;
  conversations: (ConversationItem)[];
}

/** A student's sentence made right: the spans that changed, in their order, and why, in the student's language. */
interface Correction {
  original: string;
  better: string;
  spans: (Span)[];
  why: string;
}

/** Make a room; a private one needs a password. */
interface CreateRoom {
  name: string;
  description?: string | null;
  level?: "beginner" | "intermediate" | "advanced" | string;
  maxMembers?: number;
  isPrivate?: boolean;
  password?: string | null;
  difficulty?: "beginner" | "intermediate" | "advanced" | string;
}

/** A day as its student sees it: times in seconds, scores from 0 to 100 with one decimal. */
interface DayItem {
  date: string;
  practiceCount: number;
  sessionCount: number;
  totalSpeakingTime: number;
  totalSessionTime: number;
  averageScore?: number;
  wordsLearnt: number;
}

interface DaysAnswer {
  success: true;
  /** A sentence for people, in the reader's language. */
  message: string;
  days: (DayItem)[];
  streak: Streak;
}

interface DeadLetterDetailsAnswer {
  success: true;
  /** A sentence for people, in the reader's language. */
  message: string;
  id: string;
  state: string;
  task?: string;
  queue: string;
  death: string;
  error: string;
  fingerprint: string;
  attempts: number;
  receives: number;
  replays: number;
  correlationId?: string;
  firstAt: string;
  lastAt: string;
  replayAt?: string;
  succeededAt?: string;
  reason?: string;
  traceback: string;
  isTransient: boolean;
  arguments?: Record<string, unknown>;
  argumentsKey?: string;
  rawBody?: string;
  rawBodyKey?: string;
  messageGroup?: string;
  awaitedBy?: AwaitedBy;
  audit: (Audit)[];
}

/** A letter in a list: nobody's words. */
interface DeadLetterItem {
  id: string;
  state: string;
  task?: string;
  queue: string;
  death: string;
  error: string;
  fingerprint: string;
  attempts: number;
  receives: number;
  replays: number;
  correlationId?: string;
  firstAt: string;
  lastAt: string;
  replayAt?: string;
  succeededAt?: string;
  reason?: string;
}

interface DeadLetterItemAnswer {
  success: true;
  /** A sentence for people, in the reader's language. */
  message: string;
  id: string;
  state: string;
  task?: string;
  queue: string;
  death: string;
  error: string;
  fingerprint: string;
  attempts: number;
  receives: number;
  replays: number;
  correlationId?: string;
  firstAt: string;
  lastAt: string;
  replayAt?: string;
  succeededAt?: string;
  reason?: string;
}

interface DeadLettersPageAnswer {
  success: true;
  /** A sentence for people, in the reader's language. */
  message: string;
  nextCursor: string | null;
  hasMore: boolean;
  deadLetters: (DeadLetterItem)[];
}

interface DecidedAnswer {
  success: true;
  /** A sentence for people, in the reader's language. */
  message: string;
  requestId: string;
  studentEmail: string;
  tutorEmail: string;
  status: RequestStatus;
  createdAt: string;
  processedAt?: string;
}

/** Be done with a letter. */
interface DiscardDeadLetter {
  reason: string;
}

interface Done {
  success: true;
  /** A sentence for people, in the reader's language. */
  message: string;
}

interface DoneData {
  success: true;
  /** A sentence for people, in the reader's language. */
  message: string;
  data: null;
}

/** Draw a graph of one's own rooms and conversations. */
interface DrawOwnTalk {
  source: "me";
  name?: string | null;
}

/** An export of conversations to draw a graph of: ChatGPT's, Claude's, or a plain list of messages. */
interface DrawnExport {
  file: Blob;
  name?: string | null;
}

interface DryRunAnswer {
  success: true;
  /** A sentence for people, in the reader's language. */
  message: string;
  matching: number;
  isWhole: boolean;
  checks: (LetterCheck)[];
}

/** Write a letter's arguments anew; a parked letter needs the task too. */
interface EditDeadLetter {
  arguments: Record<string, unknown>;
  task?: string | null;
}

/** End a session; `speakingDuration` in seconds, without it the sum of the session's recordings. */
interface EndSession {
  sessionId: string;
  speakingDuration?: number | null;
}

/** All is said: the partner is asked. */
interface EndSpeech {
  action: "audioEnd";
  requestId: string;
}

/** The two statuses of a messageResponse. */
type Ended = "completed" | "failed";

interface EntriesPageAnswer {
  success: true;
  /** A sentence for people, in the reader's language. */
  message: string;
  nextCursor: string | null;
  hasMore: boolean;
  entries: (NotebookItem)[];
}

/** Leave for good. */
interface EraseOwnAccount {
  password: string;
}

/** Feedback in the history, as both sides see it. */
interface FeedbackItem {
  feedback_id: string;
  tutor_email: string;
  student_email: string;
  message: string;
  message_type: FeedbackType;
  kind?: FeedbackKind;
  session_id?: string;
  audio_url?: string;
  anchor?: Anchor;
  timestamp: string;
  websocket_sent: boolean;
  read_at?: string;
}

/** How it is meant. */
type FeedbackKind = "tip" | "praise" | "correction";

interface FeedbackNotedAnswer {
  success: true;
  /** A sentence for people, in the reader's language. */
  message: string;
  feedback_id: string;
}

interface FeedbackPageAnswer {
  success: true;
  /** A sentence for people, in the reader's language. */
  message: string;
  nextCursor: string | null;
  hasMore: boolean;
  feedback: (FeedbackItem)[];
}

/** Feedback as the student's channels get it; the tutor's e-mail comes in both spellings that clients know. */
interface FeedbackPushed {
  type: "feedback";
  feedback_id: string;
  tutor_email: string;
  tutorEmail: string;
  student_email: string;
  message: string;
  message_type: FeedbackType;
  session_id: string | null;
  timestamp: string;
  audio_url: string | null;
  kind?: FeedbackKind;
  anchor?: Anchor;
}

/** The student has read it. */
interface FeedbackRead {
  type: "feedback_read";
  feedback_id: string;
  student_email: string;
  read_at: string;
}

interface FeedbackSentAnswer {
  success: true;
  /** A sentence for people, in the reader's language. */
  message: string;
  feedback_id: string;
  websocketSent: boolean;
}

/** What the feedback is: words, a recording, or a sentence to be said again. */
type FeedbackType = "text" | "audio" | "say_again";

/** Not for this person. */
interface ForbiddenFailure {
  success: false;
  error: "FORBIDDEN";
  /** A sentence for people, in the reader's language. */
  message: string;
  /** What is wrong, field by field; other refusals say in them what led to them. */
  details?: (Record<string, unknown>)[];
  /** Names this request in the platform's logs. */
  requestId: string;
}

/** Ask for a code to reset the password. */
interface Forgot {
  /** Taken in any letter case; a domain in another script is written in punycode. */
  email: string;
}

/** How many connections of each kind one gateway process holds, by its last life sign. */
interface GatewayConnections {
  gatewayId: string;
  heardAt: string;
  room: number;
  user: number;
}

/** Ask for sentences to say; without a session, a new one is begun for them. */
interface GenerateSentences {
  level?: "beginner" | "intermediate" | "advanced" | string;
  topic: string;
  count?: number;
  sessionId?: string | null;
  difficulty?: "beginner" | "intermediate" | "advanced" | string;
}

/** The mark of a sentence, by its overall score: A from 90, B from 80, C from 70, D from 60, F below. */
type Grade = "A" | "B" | "C" | "D" | "F";

/** A graph as it is listed. */
interface GraphItem {
  graphId: string;
  jobId: string;
  name: string;
  source: string;
  status: string;
  nodes: number;
  edges: number;
  clusters: number;
  newNodes: number;
  skipped: Record<string, number>;
  reason?: string;
  createdAt: string;
  readyAt?: string;
}

interface GraphItemAnswer {
  success: true;
  /** A sentence for people, in the reader's language. */
  message: string;
  graphId: string;
  jobId: string;
  name: string;
  source: string;
  status: string;
  nodes: number;
  edges: number;
  clusters: number;
  newNodes: number;
  skipped: Record<string, number>;
  reason?: string;
  createdAt: string;
  readyAt?: string;
}

interface GraphMapAnswer {
  success: true;
  /** A sentence for people, in the reader's language. */
  message: string;
  graphId: string;
  name: string;
  createdAt: string;
  directed: boolean;
  multigraph: boolean;
  graph: Record<string, unknown>;
  nodes: (Record<string, unknown>)[];
  edges: (Record<string, unknown>)[];
}

/** A graph can be looked at. */
interface GraphReady {
  type: "graph_ready";
  graphId: string;
  jobId: string;
  name: string;
  nodes: number;
  clusters: number;
}

interface GraphRemovedAnswer {
  success: true;
  /** A sentence for people, in the reader's language. */
  message: string;
  graphId: string;
}

interface GraphScheduledAnswer {
  success: true;
  /** A sentence for people, in the reader's language. */
  message: string;
  jobId: string;
  graphId: string;
}

interface GraphsPageAnswer {
  success: true;
  /** A sentence for people, in the reader's language. */
  message: string;
  nextCursor: string | null;
  hasMore: boolean;
  graphs: (GraphItem)[];
}

/** How many threads or processes a worker is to have in all; the same again adds none. */
interface GrowWorker {
  places: number;
}

/** Have a recording written down, so that a student may correct what was heard before it counts. */
interface HearRecording {
  audioData: string;
}

/** What to try about a word: the difficulty, a sentence about it, and two words that differ in just that sound. */
interface HintItem {
  difficulty: string;
  text: string;
  minimalPair?: (string)[];
}

/** Something went wrong on the platform's side; nothing of it is shown. */
interface InternalServerErrorFailure {
  success: false;
  error: "INTERNAL_SERVER_ERROR";
  /** A sentence for people, in the reader's language. */
  message: string;
  /** What is wrong, field by field; other refusals say in them what led to them. */
  details?: (Record<string, unknown>)[];
  /** Names this request in the platform's logs. */
  requestId: string;
}

/** The request can never succeed as it is; `details` name the fields. */
interface InvalidRequestFailure {
  success: false;
  error: "INVALID_REQUEST";
  /** A sentence for people, in the reader's language. */
  message: string;
  /** What is wrong, field by field; other refusals say in them what led to them. */
  details?: (Record<string, unknown>)[];
  /** Names this request in the platform's logs. */
  requestId: string;
}

/** The work goes on in the background, and is asked about by this id. */
interface JobAccepted {
  jobId: string;
}

interface JobAcceptedAnswer {
  success: true;
  /** A sentence for people, in the reader's language. */
  message: string;
  jobId: string;
}

interface JobAcceptedDataAnswer {
  success: true;
  /** A sentence for people, in the reader's language. */
  message: string;
  data: JobAccepted;
}

/** A job went on or ended; on the wire the fields of the result stand beside the others, which win. */
interface JobChanged {
  type: "job";
  jobId: string;
  requestId?: string;
  kind: string;
  status: string;
  stage?: string;
  error?: string;
  [name: string]: unknown;
}

interface JobDetailsAnswer {
  success: true;
  /** A sentence for people, in the reader's language. */
  message: string;
  jobId: string;
  kind: string;
  status: string;
  stage?: string;
  result?: Record<string, unknown>;
  error?: string;
  createdAt: string;
  updatedAt: string;
}

/** PENDING until a worker begins, PROCESSING while it works, and one of three ends. */
type JobStatus = "PENDING" | "PROCESSING" | "COMPLETED" | "FAILED" | "CANCELLED";

/** Become a member and get a ticket for the WebSocket. */
interface JoinRoom {
  password?: string | null;
}

/** What is paid for: the model's tokens, characters that are spoken, seconds of recordings that are heard. */
type Kind = "tokens" | "spoken_characters" | "transcribed_seconds";

/** A language that texts for people are written in. */
type Language = "ko" | "en";

/** What replaying one letter would come to: `outcome` is SENT where it would be sent. */
interface LetterCheck {
  id: string;
  task?: string;
  outcome: ReplayOutcome;
  isDone: boolean;
  hasArguments: boolean;
  isTaskKnown: boolean;
}

/** Unsettled letters of one cause. */
interface LetterGroup {
  fingerprint: string;
  task?: string;
  queue: string;
  death: string;
  error: string;
  count: number;
  firstAt: string;
  lastAt: string;
}

interface LetterGroupsAnswer {
  success: true;
  /** A sentence for people, in the reader's language. */
  message: string;
  groups: (LetterGroup)[];
  isWhole: boolean;
}

interface LetterReplayedAnswer {
  success: true;
  /** A sentence for people, in the reader's language. */
  message: string;
  id: string;
  replayed: boolean;
  outcome: ReplayOutcome;
}

/** Where a letter stands. OPEN can be replayed: by a person or, where it has `replayAt`, by itself. PARKED is kept as it came, since nobody can read a job out of it, until a person writes the job or discards it. REPLAYED was sent again. DISCARDED is done with. */
type LetterState = "open" | "parked" | "replayed" | "discarded";

/** Sign in. */
interface Login {
  /** Taken in any letter case; a domain in another script is written in punycode. */
  email: string;
  password: string;
}

/** End this sign-in; the web client leaves the refresh token to its cookie. */
interface Logout {
  refreshToken?: string | null;
}

/** Say that one knows something, or not after all. */
interface MarkKnown {
  known: boolean;
}

/** A member as the others see them. */
interface MemberItem {
  userId: string;
  name: string;
}

/** Tells a sender that the message is safely queued for persistence. */
interface MessageAck {
  action: "messageAck";
  requestId: string;
  messageId: string;
  seq: number;
  createdAt: string;
}

/** What the partner says while it says it; index 0 again means that it began anew. */
interface MessageDelta {
  action: "messageDelta";
  requestId: string;
  delta: string;
  index: number;
}

/** A message as pushed and as listed. */
interface MessageItem {
  type: "message";
  messageId: string;
  roomId: string;
  userId: string;
  content: string;
  messageType: MessageType;
  key?: string;
  createdAt: string;
  seq: number;
  url?: string;
}

/** The one answer to a turn. */
interface MessageResponse {
  action: "messageResponse";
  requestId: string;
  conversationId?: string;
  response: string;
  status: Ended;
  stopped?: boolean;
  error?: string;
  message?: string;
  details?: (Record<string, unknown>)[];
  retryAfter?: number;
}

/** What a message is; only the system makes AI_RESPONSE. */
type MessageType = "TEXT" | "IMAGE" | "VOICE" | "AI_RESPONSE";

/** A part of a list; `nextCursor` is null, and `hasMore` false, at its end. */
interface MessagesPage {
  nextCursor: string | null;
  hasMore: boolean;
  messages: (MessageItem)[];
}

interface MessagesPageDataAnswer {
  success: true;
  /** A sentence for people, in the reader's language. */
  message: string;
  data: MessagesPage;
}

/** Where a mistake was first seen. */
type MistakeKind = "pronunciation" | "correction" | "feedback";

/** A node of a graph, and how near it is to what was asked for: `similarity` is a cosine. */
interface NearestNode {
  id: string;
  origId?: string | number;
  title?: string;
  clusterId?: string;
  timestamp?: string;
  language?: string;
  x?: number;
  y?: number;
  similarity: number;
}

interface NearestNodesAnswer {
  success: true;
  /** A sentence for people, in the reader's language. */
  message: string;
  graphId: string;
  near: string;
  nodes: (NearestNode)[];
}

/** It does not exist, or it is somebody else's. */
interface NotFoundFailure {
  success: false;
  error: "NOT_FOUND";
  /** A sentence for people, in the reader's language. */
  message: string;
  /** What is wrong, field by field; other refusals say in them what led to them. */
  details?: (Record<string, unknown>)[];
  /** Names this request in the platform's logs. */
  requestId: string;
}

/** An entry as its student sees it; `lastScore` from 0 to 100, absent where it was never said. */
interface NotebookItem {
  entryId: string;
  kind: MistakeKind;
  said: string;
  better: string;
  why?: string;
  source: string;
  count: number;
  dueAt: string;
  known: boolean;
  lastScore?: number;
}

interface NotebookItemAnswer {
  success: true;
  /** A sentence for people, in the reader's language. */
  message: string;
  entryId: string;
  kind: MistakeKind;
  said: string;
  better: string;
  why?: string;
  source: string;
  count: number;
  dueAt: string;
  known: boolean;
  lastScore?: number;
}

/** A notification as its reader sees it. */
interface NotificationItem {
  notificationId: string;
  type: string;
  title: string;
  message: string;
  data: Record<string, unknown>;
  read: boolean;
  createdAt: string;
}

interface NotificationNotedAnswer {
  success: true;
  /** A sentence for people, in the reader's language. */
  message: string;
  notificationId: string;
}

/** Something happened; `notificationType` is what, since `type` names the push. */
interface NotificationPushed {
  type: "notification";
  notificationId: string;
  notificationType: string;
  title: string;
  message: string;
  data: Record<string, unknown>;
  read: boolean;
  createdAt: string;
}

interface NotificationsNotedAnswer {
  success: true;
  /** A sentence for people, in the reader's language. */
  message: string;
  count: number;
}

interface NotificationsPageAnswer {
  success: true;
  /** A sentence for people, in the reader's language. */
  message: string;
  nextCursor: string | null;
  hasMore: boolean;
  notifications: (NotificationItem)[];
  unreadCount: number;
}

interface OwnTutorsAnswer {
  success: true;
  /** A sentence for people, in the reader's language. */
  message: string;
  tutors: (TutorOfStudent)[];
}

/** More bytes than the limit. */
interface PayloadTooLargeFailure {
  success: false;
  error: "PAYLOAD_TOO_LARGE";
  /** A sentence for people, in the reader's language. */
  message: string;
  /** What is wrong, field by field; other refusals say in them what led to them. */
  details?: (Record<string, unknown>)[];
  /** Names this request in the platform's logs. */
  requestId: string;
}

/** A phrase worth keeping, and what it means, in the student's language. */
interface Phrase {
  english: string;
  meaning: string;
}

/** Ask whether the gateway is there. */
interface Ping {
  action: "ping";
  requestId?: string | null;
}

/** One thing that is wrong, in one sentence that names it and what to do. */
interface PlatformProblem {
  kind: ProblemKind;
  sentence: string;
}

interface PlatformStatusAnswer {
  success: true;
  /** A sentence for people, in the reader's language. */
  message: string;
  connections?: number;
  workers?: number;
  waiting?: number;
  oldestSeconds?: number;
  letters?: number;
  problems: (PlatformProblem)[];
}

/** The gateway is there. */
interface Pong {
  action: "pong";
  requestId?: string;
}

/** Say something in the room; the same requestId within 24 h says it once. */
interface PostMessage {
  action: "sendMessage";
  requestId?: string | null;
  roomId: string;
  content: string;
  messageType?: "TEXT" | "IMAGE" | "VOICE";
  key?: string | null;
}

/** Somebody came or went. */
interface PresenceChanged {
  type: "presence";
  members: (string)[];
}

/** The users who are connected to the room. */
interface PresenceList {
  action: "presence";
  requestId?: string;
  members: (string)[];
}

/** What is wrong, the worst first. */
type ProblemKind = "service_away" | "no_gateway" | "unattended" | "silent_worker" | "late_schedule" | "waits_long" | "letters" | "no_letters_made";

/** One queue: what waits, what is being done, how long the oldest waits, and where it is heading. `change_per_minute` is of what waits; without samples of the last minutes the trend is `unknown`. What has waited for more than `too_long_seconds` keeps somebody waiting. `recent` is what waited at each look of the last quarter of an hour, one every 15 s, oldest first. */
interface QueueItem {
  queue: string;
  depth: number;
  inFlight: number;
  oldestSeconds?: number;
  tooLongSeconds: number;
  recent: (number)[];
  trend: Trend;
  changePerMinute?: number;
  deadLetterQueue?: string;
  deadLetters: number;
  workers: number;
}

interface QueueListAnswer {
  success: true;
  /** A sentence for people, in the reader's language. */
  message: string;
  at: string;
  queues: (QueueItem)[];
}

/** Too many in too short a time; `Retry-After` says in how many seconds again. */
interface RateLimitedFailure {
  success: false;
  error: "RATE_LIMITED";
  /** A sentence for people, in the reader's language. */
  message: string;
  /** What is wrong, field by field; other refusals say in them what led to them. */
  details?: (Record<string, unknown>)[];
  /** Names this request in the platform's logs. */
  requestId: string;
}

interface ReadinessAnswer {
  success: true;
  /** A sentence for people, in the reader's language. */
  message: string;
  checks: Record<string, boolean>;
  notices: (string)[];
}

/** A recording and the sentence that is said in it. */
interface RecordingForm {
  originalText: string;
  sessionId?: string | null;
  audioFile: Blob;
}

interface RecordingHeardAnswer {
  success: true;
  /** A sentence for people, in the reader's language. */
  message: string;
  transcript: string;
  confidence?: number;
  seconds: number;
}

/** Get a new access token; the web client leaves the refresh token to its cookie. */
interface Refresh {
  refreshToken?: string | null;
}

interface RefreshedAnswer {
  success: true;
  /** A sentence for people, in the reader's language. */
  message: string;
  accessToken: string;
  idToken: string;
  expiresIn: number;
}

/** Whatever is wrong with a frame; the connection stays open. `retry_after` in seconds. */
interface Refused {
  action: "error";
  requestId?: string;
  error: string;
  message: string;
  details?: (Record<string, unknown>)[];
  retryAfter?: number;
}

/** Make an account; a verification code goes out by e-mail. */
interface Register {
  /** Taken in any letter case; a domain in another script is written in punycode. */
  email: string;
  password: string;
  name: string;
  role: Role;
  language?: Language | null;
}

interface RegisteredAnswer {
  success: true;
  /** A sentence for people, in the reader's language. */
  message: string;
  userId: string;
  email: string;
}

/** Call a graph otherwise. */
interface RenameGraph {
  name: string;
}

/** Send all open letters again that match; everything is chosen by `all`, so that an empty body chooses nothing. */
interface ReplayMatching {
  queue?: string | null;
  task?: string | null;
  fingerprint?: string | null;
  state?: LetterState | null;
  from?: string | null;
  to?: string | null;
  all?: boolean;
  dryRun?: boolean;
  canary?: boolean;
  ratePerSecond?: number;
}

/** What became of one letter: sent again, or why not. SETTLED was replayed or discarded before, or is being sent by somebody else. DONE took effect already, and is closed. The others cannot be sent as they are. */
type ReplayOutcome = "sent" | "settled" | "done" | "unreadable" | "unknown_task" | "arguments_gone" | "wrong_arguments";

/** A short report on a student's English, in the student's language but for the English in it. */
interface Report {
  summary: string;
  corrections: (Correction)[];
  phrases: (Phrase)[];
  turnCount: number;
}

/** A request as both sides see it; names as they are now, absent where the person is gone. */
interface RequestItem {
  requestId: string;
  studentEmail: string;
  studentName?: string;
  tutorEmail: string;
  tutorName?: string;
  status: RequestStatus;
  message: string;
  createdAt: string;
  processedAt?: string;
}

/** Have a message of a room spoken. */
interface RequestMessageVoice {
  voice: VoiceRole;
}

/** Ask where to put a profile image. */
interface RequestProfileImage {
  contentType: string;
  size: number;
}

interface RequestSentAnswer {
  success: true;
  /** A sentence for people, in the reader's language. */
  message: string;
  requestId: string;
  status: RequestStatus;
}

/** Have a text spoken; without a voice, by the platform's own. */
interface RequestSpeech {
  text: string;
  voice?: "male" | "female" | "Matthew" | "Joanna" | null;
}

/** PENDING until the tutor decides, once. */
type RequestStatus = "PENDING" | "APPROVED" | "REJECTED";

/** Ask a tutor to teach one. */
interface RequestTutor {
  message?: string;
}

/** Ask where to put an image or a recording. */
interface RequestUpload {
  messageType: "IMAGE" | "VOICE";
  contentType: string;
  size: number;
}

interface RequestsPageAnswer {
  success: true;
  /** A sentence for people, in the reader's language. */
  message: string;
  nextCursor: string | null;
  hasMore: boolean;
  requests: (RequestItem)[];
}

/** Send the verification code again. */
interface Resend {
  /** Taken in any letter case; a domain in another script is written in punycode. */
  email: string;
}

/** Set a new password by a code. */
interface Reset {
  /** Taken in any letter case; a domain in another script is written in punycode. */
  email: string;
  code: string;
  newPassword: string;
}

/** A result as it is shown: scores from 0 to 100 with one decimal; no grade where it could not be heard well. */
interface ResultItem {
  resultId: string;
  sessionId?: string;
  originalText: string;
  transcribedText: string;
  overallScore: number;
  wordAccuracy: number;
  completenessScore: number;
  fluencyScore?: number;
  grade?: Grade;
  feedback: string;
  missedWords: (string)[];
  extraWords: (string)[];
  audioDurationMs: number;
  words: (WordItem)[];
  confidence: number;
  createdAt: string;
  recordingUrl?: string;
}

interface ResultItemAnswer {
  success: true;
  /** A sentence for people, in the reader's language. */
  message: string;
  resultId: string;
  sessionId?: string;
  originalText: string;
  transcribedText: string;
  overallScore: number;
  wordAccuracy: number;
  completenessScore: number;
  fluencyScore?: number;
  grade?: Grade;
  feedback: string;
  missedWords: (string)[];
  extraWords: (string)[];
  audioDurationMs: number;
  words: (WordItem)[];
  confidence: number;
  createdAt: string;
  recordingUrl?: string;
}

interface ResultsPageAnswer {
  success: true;
  /** A sentence for people, in the reader's language. */
  message: string;
  nextCursor: string | null;
  hasMore: boolean;
  results: (ResultItem)[];
}

/** Ask for what was missed since a sequence number. */
interface ResumeRoom {
  action: "resume";
  requestId?: string | null;
  lastSeq: number;
  epoch?: string | null;
}

/** All that was missed has been pushed. */
interface Resumed {
  action: "resumed";
  requestId?: string;
  lastSeq: number;
  epoch: string;
}

/** The gap cannot be filled from recent history: reload it. */
interface Resync {
  action: "resync";
  requestId?: string;
  lastSeq: number;
  epoch: string;
}

interface ReviewPageAnswer {
  success: true;
  /** A sentence for people, in the reader's language. */
  message: string;
  nextCursor: string | null;
  hasMore: boolean;
  review: (NotebookItem)[];
}

/** What an account is on the platform. */
type Role = "student" | "tutor";

/** A room is gone; its sockets close with 4404. */
interface RoomClosed {
  type: "room_closed";
  roomId: string;
  reason: string;
}

/** A room with all its fields; only members see who is in a private one. */
interface RoomDetails {
  roomId: string;
  name: string;
  level: string;
  currentMembers: number;
  maxMembers: number;
  isPrivate: boolean;
  lastMessageAt: string;
  createdAt: string;
  description?: string;
  faces?: (string)[];
  createdBy: string;
  status: string;
  memberIds?: (string)[];
  members?: (MemberItem)[];
}

interface RoomDetailsDataAnswer {
  success: true;
  /** A sentence for people, in the reader's language. */
  message: string;
  data: RoomDetails;
}

/** A room in a list; private ones are listed, locked, without `faces`: the names of some members. */
interface RoomItem {
  roomId: string;
  name: string;
  level: string;
  currentMembers: number;
  maxMembers: number;
  isPrivate: boolean;
  lastMessageAt: string;
  createdAt: string;
  description?: string;
  faces?: (string)[];
}

/** The room, and the ticket that opens its WebSocket once. */
interface RoomJoined {
  room: RoomDetails;
  roomToken: string;
  tokenExpiresAt: number;
}

interface RoomJoinedDataAnswer {
  success: true;
  /** A sentence for people, in the reader's language. */
  message: string;
  data: RoomJoined;
}

/** What is left when somebody went. */
interface RoomLeft {
  roomId: string;
  currentMembers: number;
}

interface RoomLeftDataAnswer {
  success: true;
  /** A sentence for people, in the reader's language. */
  message: string;
  data: RoomLeft;
}

/** The room's sequence began anew: reload the history. */
interface RoomResynced {
  type: "resync";
  lastSeq: number;
  epoch: string;
}

/** A part of a list; `nextCursor` is null, and `hasMore` false, at its end. */
interface RoomsPage {
  nextCursor: string | null;
  hasMore: boolean;
  rooms: (RoomItem)[];
}

interface RoomsPageDataAnswer {
  success: true;
  /** A sentence for people, in the reader's language. */
  message: string;
  data: RoomsPage;
}

/** Hear the better words of an entry; without a voice, in the platform's own. */
interface SayEntry {
  voice?: "male" | "female" | "Matthew" | "Joanna" | null;
}

/** Tell a student something. */
interface SendFeedback {
  /** Taken in any letter case; a domain in another script is written in punycode. */
  studentEmail: string;
  message: string;
  messageType: FeedbackType;
  kind?: FeedbackKind | null;
  sessionId?: string | null;
  audioUrl?: string | null;
  anchor?: AnchorInput | null;
}

/** The next part of a recording, in base64, at most 32 KiB; one that came before changes nothing. */
interface SendSpeech {
  action: "audioChunk";
  requestId: string;
  index: number;
  data: string;
}

/** Say something over HTTP, in words or as a recording; what was heard counts, and the words are the fallback. */
interface SendTurn {
  conversationId: string;
  userMessage?: string | null;
  audioData?: string | null;
}

/** A sentence to say, and the job that speaks it. */
interface SentenceItem {
  english: string;
  korean: string;
  audioJobId: string;
}

interface SentencesReadyAnswer {
  success: true;
  /** A sentence for people, in the reader's language. */
  message: string;
  sentences: (SentenceItem)[];
  sessionId: string;
}

interface SessionEndedAnswer {
  success: true;
  /** A sentence for people, in the reader's language. */
  message: string;
  sessionId: string;
  duration?: number;
  speakingDuration?: number;
}

/** A session as its student sees it; `duration` and `speakingDuration` in seconds once it has ended. */
interface SessionItem {
  sessionId: string;
  sessionType: SessionType;
  metadata: Record<string, string | boolean | number>;
  startTime: string;
  endTime?: string;
  duration?: number;
  speakingDuration?: number;
}

interface SessionStartedAnswer {
  success: true;
  /** A sentence for people, in the reader's language. */
  message: string;
  sessionId: string;
  startTime: string;
}

/** What a session is spent on. */
type SessionType = "practice" | "ai_chat" | "room";

interface SessionsPageAnswer {
  success: true;
  /** A sentence for people, in the reader's language. */
  message: string;
  nextCursor: string | null;
  hasMore: boolean;
  sessions: (SessionItem)[];
}

/** Ask who is here. */
interface ShowPresence {
  action: "presence";
  requestId?: string | null;
}

/** Tell one's tutors what one is doing; `room` is free text. */
interface ShowStatus {
  room?: string | null;
  isLearning: boolean;
}

/** Tell the others that one is typing, or no more. */
interface ShowTyping {
  action: "typing";
  requestId?: string | null;
  isTyping: boolean;
}

/** One of one's sign-ins; `current` is the one that asks. */
interface SignInItem {
  id: string;
  device: string;
  createdAt: string;
  lastUsedAt: string;
  current: boolean;
}

interface SignInListAnswer {
  success: true;
  /** A sentence for people, in the reader's language. */
  message: string;
  signIns: (SignInItem)[];
}

interface SignInsEndedAnswer {
  success: true;
  /** A sentence for people, in the reader's language. */
  message: string;
  ended: number;
}

interface SignedInAnswer {
  success: true;
  /** A sentence for people, in the reader's language. */
  message: string;
  accessToken: string;
  refreshToken?: string;
  idToken: string;
  expiresIn: number;
  user: SignedInUser;
}

/** Who signed in. */
interface SignedInUser {
  userId: string;
  email: string;
  role: Role;
  name: string;
}

/** A part of a sentence that was changed: characters `start` to `end` of the original became `better`. */
interface Span {
  start: number;
  end: number;
  original: string;
  better: string;
}

/** A recording is awaited from this index on: 0 of a new one, what comes next of one that was cut. */
interface SpeechAck {
  action: "audioAck";
  requestId: string;
  nextIndex: number;
}

/** The beginning of a long text, or what follows it, while the rest is still being spoken. */
interface SpeechPart {
  index: number;
  audioUrl: string;
  durationMs: number;
}

/** The voice is being made; `job` pushes and `GET /api/tts/status/{jobId}` say how far it is. */
interface SpeechQueued {
  jobId: string;
  status: string;
}

interface SpeechQueuedAnswer {
  success: true;
  /** A sentence for people, in the reader's language. */
  message: string;
  jobId: string;
  status: string;
}

interface SpeechQueuedDataAnswer {
  success: true;
  /** A sentence for people, in the reader's language. */
  message: string;
  data: SpeechQueued;
}

/** Where the audio and the times of its words are read; the addresses are good for one hour. */
interface SpeechReady {
  audioUrl: string;
  wordsUrl: string;
  durationMs: number;
  voiceId: string;
}

interface SpeechReadyAnswer {
  success: true;
  /** A sentence for people, in the reader's language. */
  message: string;
  audioUrl: string;
  wordsUrl: string;
  durationMs: number;
  voiceId: string;
}

interface SpeechReadyDataAnswer {
  success: true;
  /** A sentence for people, in the reader's language. */
  message: string;
  data: SpeechReady;
}

interface SpeechStatusAnswer {
  success: true;
  /** A sentence for people, in the reader's language. */
  message: string;
  jobId: string;
  status: string;
  audioUrl?: string;
  wordsUrl?: string;
  durationMs?: number;
  voiceId?: string;
  parts?: (SpeechPart)[];
  error?: string;
}

/** Begin a conversation on a topic with a partner in a role; without them, about daily life with a friend. */
interface StartConversation {
  level?: "beginner" | "intermediate" | "advanced" | string;
  topic?: string | null;
  role?: string | null;
  difficulty?: "beginner" | "intermediate" | "advanced" | string;
}

/** Begin to learn. */
interface StartSession {
  sessionType: SessionType;
  metadata?: Record<string, string | boolean | number>;
}

/** Begin to say something aloud; the same requestId again, on whichever connection, goes on behind what came. */
interface StartSpeech {
  action: "audioStart";
  requestId: string;
  conversationId?: string | null;
  contentType: string;
  stream?: boolean;
}

interface StatusShownAnswer {
  success: true;
  /** A sentence for people, in the reader's language. */
  message: string;
  studentEmail: string;
  room?: string;
  isLearning: boolean;
  updatedAt: string;
}

/** Have the partner stop a turn; what was said until then is kept. */
interface StopPartner {
  action: "stop";
  requestId: string;
}

/** Days in a row on which a student practised; `current` is alive until the end of the day after the last one. */
interface Streak {
  current: number;
  longest: number;
}

/** Five later streams of the same person are told; this one goes on from its place when one of them ends. */
interface StreamPaused {
  type: "paused";
  reason: string;
}

/** The place to go on from is not known any more: read over HTTP what may have been missed. */
interface StreamResynced {
  type: "resync";
}

/** A student as their tutor sees them just now, and what the student lets tutors see. */
interface StudentItem {
  email: string;
  name: string;
  level?: string;
  shareResults: boolean;
  shareRecordings: boolean;
  online: boolean;
  room?: string;
  isLearning: boolean;
  updatedAt?: string;
  assignedAt: string;
}

interface StudentListAnswer {
  success: true;
  /** A sentence for people, in the reader's language. */
  message: string;
  students: (StudentItem)[];
}

/** A student's result, as the tutors see it come whom the student lets see it. */
interface StudentResult {
  type: "student_result";
  studentEmail: string;
  resultId: string;
  originalText: string;
  overallScore: number;
  grade?: Grade;
}

/** A student of this tutor does something else now. */
interface StudentStatusUpdated {
  type: "student_status_update";
  studentEmail: string;
  room?: string;
  isLearning: boolean;
  updatedAt: string;
}

/** The body did not come in time. */
interface TimeoutFailure {
  success: false;
  error: "INVALID_REQUEST";
  /** A sentence for people, in the reader's language. */
  message: string;
  /** What is wrong, field by field; other refusals say in them what led to them. */
  details?: (Record<string, unknown>)[];
  /** Names this request in the platform's logs. */
  requestId: string;
}

/** Where a queue is heading. */
type Trend = "rising" | "falling" | "steady" | "unknown";

interface TurnAcceptedAnswer {
  success: true;
  /** A sentence for people, in the reader's language. */
  message: string;
  requestId: string;
  jobId: string;
  status: string;
  estimatedTime: number;
}

/** A turn as its owner reads it. */
interface TurnItem {
  number: number;
  requestId: string;
  userMessage: string;
  heard: boolean;
  confidence?: number;
  aiMessage: string;
  stopped: boolean;
  correction?: Correction;
  audioJobId?: string;
  sentAt: string;
  answeredAt: string;
}

interface TurnStatusAnswer {
  success: true;
  /** A sentence for people, in the reader's language. */
  message: string;
  requestId: string;
  jobId: string;
  status: string;
  stage?: string;
  aiMessage?: string;
  audioJobId?: string;
  turnCount?: number;
  error?: string;
}

/** A tutor in a list; strangers see a handle for the e-mail, which names the tutor as well. */
interface TutorItem {
  email: string;
  name: string;
  isAccepting: boolean;
  maxStudents: number;
  studentCount: number;
}

/** A tutor as their student sees them. */
interface TutorOfStudent {
  email: string;
  name: string;
  assignedAt: string;
  status: string;
}

interface TutorsPageAnswer {
  success: true;
  /** A sentence for people, in the reader's language. */
  message: string;
  nextCursor: string | null;
  hasMore: boolean;
  tutors: (TutorItem)[];
}

/** Somebody is typing, or no more. */
interface TypingShown {
  type: "typing";
  userId: string;
  isTyping: boolean;
}

/** Nobody has proved who is asking: sign in, or renew the access token. */
interface UnauthorizedFailure {
  success: false;
  error: "UNAUTHORIZED";
  /** A sentence for people, in the reader's language. */
  message: string;
  /** What is wrong, field by field; other refusals say in them what led to them. */
  details?: (Record<string, unknown>)[];
  /** Names this request in the platform's logs. */
  requestId: string;
}

/** Something that the platform needs did not answer; the same request again is safe and may help. */
interface UnavailableFailure {
  success: false;
  error: "UNAVAILABLE";
  /** A sentence for people, in the reader's language. */
  message: string;
  /** What is wrong, field by field; other refusals say in them what led to them. */
  details?: (Record<string, unknown>)[];
  /** Names this request in the platform's logs. */
  requestId: string;
}

/** A type of content that is not taken here. */
interface UnsupportedMediaTypeFailure {
  success: false;
  error: "UNSUPPORTED_MEDIA_TYPE";
  /** A sentence for people, in the reader's language. */
  message: string;
  /** What is wrong, field by field; other refusals say in them what led to them. */
  details?: (Record<string, unknown>)[];
  /** Names this request in the platform's logs. */
  requestId: string;
}

/** Change what is given; null clears what may be empty, absent keeps. */
interface UpdateAccount {
  name?: string | null;
  level?: "beginner" | "intermediate" | "advanced" | string | null;
  language?: Language | null;
  timeZone?: string | null;
  profileImageKey?: string | null;
  isAccepting?: boolean | null;
  maxStudents?: number | null;
  keepRecordings?: boolean | null;
  shareResults?: boolean | null;
  shareRecordings?: boolean | null;
  dailyGoalMinutes?: number | null;
  difficulty?: "beginner" | "intermediate" | "advanced" | string | null;
}

/** A presigned POST for one object, and the key by which it is named afterwards. */
interface UploadOffer {
  url: string;
  fields: Record<string, string>;
  key: string;
  expiresAt: string;
}

interface UploadOfferAnswer {
  success: true;
  /** A sentence for people, in the reader's language. */
  message: string;
  url: string;
  fields: Record<string, string>;
  key: string;
  expiresAt: string;
}

interface UploadOfferDataAnswer {
  success: true;
  /** A sentence for people, in the reader's language. */
  message: string;
  data: UploadOffer;
}

/** A voice by who speaks. */
type VoiceRole = "male" | "female";

/** A word as it was said; times in milliseconds of the recording, absent for what is missed. */
interface WordItem {
  word: string;
  status: WordStatus;
  startMs?: number;
  endMs?: number;
  score?: number;
  heard?: string;
  hint?: HintItem;
}

/** What became of a word; EXTRA ones are said and are not in the sentence. */
type WordStatus = "correct" | "mispronounced" | "missed" | "extra";

interface WorkerDrainingAnswer {
  success: true;
  /** A sentence for people, in the reader's language. */
  message: string;
  worker: string;
  running: number;
  waiting: number;
  isIdle: boolean;
}

interface WorkerGrownAnswer {
  success: true;
  /** A sentence for people, in the reader's language. */
  message: string;
  worker: string;
  places: number;
}

/** One worker that lives: its queues, its places, how many are taken, and what it has done since its start. A `draining` one receives nothing more; it reads again only after a restart. */
interface WorkerItem {
  name: string;
  host: string;
  pid: number;
  queues: (string)[];
  pool: string;
  places: number;
  running: number;
  done: number;
  version: string;
  startedAt: string;
  heardAt: string;
  draining: boolean;
}

interface WorkerListAnswer {
  success: true;
  /** A sentence for people, in the reader's language. */
  message: string;
  workers: (WorkerItem)[];
  unattended: (string)[];
}

type RoomCommand = Ping | PostMessage | ResumeRoom | ShowPresence | ShowTyping;

type RoomFrame = Pong | Refused | MessageAck | Resumed | Resync | PresenceList | Connected | Closing | MessageItem | PresenceChanged | RoomClosed | RoomResynced | TypingShown;

type UserCommand = AskPartner | EndSpeech | Ping | SendSpeech | StartSpeech | StopPartner;

type UserFrame = MessageDelta | MessageResponse | Pong | Refused | SpeechAck | Connected | AudioReady | BudgetChanged | Closing | FeedbackPushed | FeedbackRead | GraphReady | JobChanged | NotificationPushed | StudentResult | StudentStatusUpdated;

type EventsFrame = AudioReady | BudgetChanged | FeedbackPushed | FeedbackRead | GraphReady | JobChanged | NotificationPushed | StudentResult | StudentStatusUpdated | StreamPaused | StreamResynced;
}
