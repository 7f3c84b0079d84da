// An answer as it is spoken: its sentences come one by one, are played in their order, and their words are marked in the text.
import { computed, signal } from "@preact/signals";
import { playing, play, stop } from "../voice/player.js";
import { soundAt, timesAt } from "../voice/sounds.js";
import { currentWord } from "../voice/spoken-text.js";

/** @typedef {import("../voice/sounds.js").Sound} Sound */

const PATIENT_MS = 4_000;

export class SpokenAnswer {
  constructor() {
    this.requestId = "";
    /** The text as far as it is known. */
    this.said = signal("");
    this.isWhole = signal(false);
    /** @type {Map<number, Promise<Sound>>} */
    this.sounds = new Map();
    /** @type {Map<number, { text: string, words: import("../api/contracts.js").Word[] }>} */
    this.times = new Map();
    this.next = 0;
    /** @type {import("@preact/signals").Signal<{ index: number, offset: number, sound: Sound } | null>} */
    this.now = signal(null);
    this.isStopped = false;
    this.isWaiting = false;
    this.offset = 0;
    /** Where the text is just now: up to `from` it was spoken, from there to `to` is the word; null where nothing is being spoken. */
    this.place = computed(() => {
      const now = this.now.value;
      const position = playing.value;
      if (!now || position?.id !== this.id(now.index)) return null;
      const word = now.sound.words[currentWord(now.sound.words, position.positionMs)];
      return word ? { from: now.offset + word.start, to: now.offset + word.end } : { from: now.offset, to: now.offset };
    });
  }

  /** @param {number} index */
  id(index) {
    return `${this.requestId}/${index}`;
  }

  /** @param {string} requestId an answer that begins */
  begin(requestId) {
    if (requestId !== this.requestId) stop();
    this.requestId = requestId;
    this.said.value = "";
    this.isWhole.value = false;
    this.sounds.clear();
    this.times.clear();
    this.next = 0;
    this.offset = 0;
    this.now.value = null;
    this.isStopped = false;
    this.isWaiting = false;
  }

  /** @param {{ index: number, audioUrl: string, wordsUrl?: string }} ready */
  take({ index, audioUrl, wordsUrl }) {
    if (this.isStopped || this.sounds.has(index)) return;
    this.sounds.set(index, soundAt(audioUrl));
    if (wordsUrl) void this.time(index, wordsUrl);
    if (!this.now.value && !this.isWaiting) void this.go();
  }

  /** Learn when each word of a sentence is said. @param {number} index @param {string} wordsUrl */
  async time(index, wordsUrl) {
    const requestId = this.requestId;
    const timed = await timesAt(wordsUrl);
    if (!timed || requestId !== this.requestId) return;
    this.times.set(index, timed);
    const now = this.now.value;
    if (now?.index === index) this.now.value = this.placed(index, now.sound, now.offset);
  }

  /** @param {number} index @param {Sound} sound @param {number} from where the sentence begins at the earliest */
  placed(index, sound, from) {
    const timed = this.times.get(index);
    const found = timed ? this.said.peek().indexOf(timed.text, from) : -1;
    const offset = found < 0 ? from : found;
    this.offset = offset + (timed?.text.length ?? 0);
    return { index, offset, sound: timed ? { ...sound, words: timed.words } : sound };
  }

  async go() {
    const [index, requestId] = [this.next, this.requestId];
    const coming = this.sounds.get(index);
    if (!coming) return void (this.now.value = null);
    this.isWaiting = true;
    const sound = await Promise.race([coming, new Promise((over) => setTimeout(over, PATIENT_MS, null))]).catch(() => null);
    this.isWaiting = false;
    if (this.isStopped || requestId !== this.requestId) return;
    this.next = index + 1;
    if (!sound) return void this.go();
    this.now.value = this.placed(index, sound, this.offset);
    await play(this.id(index), sound.source, { then: () => this.go() }).catch(() => (this.now.value = null));
  }

  /** Be silent for the rest of this answer. */
  stop() {
    this.isStopped = true;
    this.now.value = null;
    if (playing.value?.id.startsWith(`${this.requestId}/`)) stop();
  }
}
