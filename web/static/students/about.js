// What feedback is about, as the pages of a tutor hand it on: types only.

/** @typedef {{ resultId: string, text: string, sentence: string, from?: number, to?: number, second?: number, isSayAgain?: boolean }} AnchorShown */
/** @typedef {import("@preact/signals").Signal<AnchorShown | null>} AnchorSignal */

export {};
