// The words of a result as they are shown: with the marks that belong to them, and where they stand in the sentence.

/** @typedef {import("../api/contracts.js").SpokenWord} SpokenWord */
/** @typedef {{ word: SpokenWord, text: string, from: number, to: number, index: number }} ShownWord `from` and `to` are letters of the sentence, both 0 for an extra word */

/**
 * @param {{ originalText: string, words: SpokenWord[] }} result
 * @returns {ShownWord[]}
 */
export function wordsOf({ originalText, words }) {
  let at = 0;
  return words.map((word, index) => {
    const from = word.status === "extra" ? -1 : originalText.indexOf(word.word, at);
    if (from < 0) return { word, text: word.word, from: 0, to: 0, index };
    at = from + word.word.length;
    const marks = /^[^\p{L}\p{N}\s]*/u.exec(originalText.slice(at))?.[0] ?? "";
    return { word, text: word.word + marks, from, to: at, index };
  });
}

/** @param {ShownWord[]} words @returns {number} the one that needs another try most; -1 where all are clear */
export function worstOf(words) {
  const rank = (/** @type {ShownWord} */ { word }) => (word.status === "mispronounced" ? (word.score ?? 0) : word.status === "missed" ? 60 : word.status === "extra" ? 80 : 101);
  const worst = words.reduce((/** @type {ShownWord | undefined} */ least, one) => (!least || rank(one) < rank(least) ? one : least), undefined);
  return worst && worst.word.status !== "correct" ? worst.index : -1;
}

/** @type {Record<import("../api/contracts.js").WordStatus, "ok" | "unclear" | "missed" | "extra">} */
export const STATES = { correct: "ok", mispronounced: "unclear", missed: "missed", extra: "extra" };
