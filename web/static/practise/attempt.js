// Saying one sentence: recording it, having it scored, and trying again what failed. A recording lies on the disk until it is scored.
import { signal } from "@preact/signals";
import { sentence } from "../api/problem.js";
import { stop as stopPlaying } from "../voice/player.js";
import { discard, discardRecording, forgetBlocked, leftRecordings, record } from "../voice/recorder.js";
import { soundOfRecording } from "../voice/sounds.js";
import { t } from "../words/words.js";
import { score } from "./scoring.js";
import { said } from "./sets.js";

/** @typedef {"" | "recording" | "hearing" | "failed"} Phase */

/** What was said on this page, by the result that it got. @type {Map<string, Promise<import("../voice/sounds.js").Sound>>} */
export const ownSounds = new Map();

export class Attempt {
  /** @param {string} setId @param {number} index @param {string} english */
  constructor(setId, index, english) {
    this.place = `practise/${setId}/${index}`;
    this.index = index;
    this.english = english;
    this.phase = signal(/** @type {Phase} */ (""));
    this.stage = signal("");
    this.problem = signal("");
    /** A recording that is not scored yet. */
    this.left = signal("");
    this.isWantedAgain = false;
    this.isOver = false;
  }

  /** Look for what an earlier page recorded and did not have scored. */
  async start() {
    const [left] = await leftRecordings(this.place);
    if (left && !this.phase.value) this.left.value = left.id;
  }

  /** Another sentence is looked at: what is being recorded is thrown away, what is being scored still counts. */
  close() {
    this.isOver = true;
    if (this.phase.value === "recording") discard();
  }

  async speak() {
    if (this.phase.value === "recording" || this.phase.value === "hearing") return;
    stopPlaying();
    forgetBlocked();
    if (this.left.value) await this.throwAway();
    do {
      this.isWantedAgain = false;
      this.problem.value = "";
      this.phase.value = "recording";
      const id = await record(this.place);
      this.phase.value = "";
      if (id && !this.isOver) return await this.hear(id);
    } while (this.isWantedAgain && !this.isOver);
  }

  /** Throw away what is being recorded, and begin anew. */
  again() {
    this.isWantedAgain = true;
    discard();
  }

  /** @param {string} id */
  async hear(id) {
    this.phase.value = "hearing";
    this.stage.value = "";
    this.left.value = id;
    try {
      const { result, recording } = await score(id, this.english, (stage) => (this.stage.value = stage));
      ownSounds.set(result.resultId, soundOfRecording(recording));
      this.left.value = "";
      await discardRecording(id);
      this.phase.value = "";
      said(this.index, result);
    } catch (failure) {
      this.phase.value = "failed";
      this.problem.value = `${sentence(failure)} ${t("voice.safe")}`;
    }
  }

  async throwAway() {
    const id = this.left.value;
    this.left.value = "";
    this.problem.value = "";
    this.phase.value = "";
    if (id) await discardRecording(id);
  }
}
