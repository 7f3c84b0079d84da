// The sentence of the sign-in page: spoken by the platform's own voice, with the times of its words and its loudness.
export const SAMPLE = {
  text: "I’ve been looking forward to this conversation all week.",
  durationMs: 3700,
  peaks: [0.08, 0.08, 0.08, 0.08, 0.08, 0.81, 0.93, 0.48, 0.76, 0.98, 0.96, 0.85, 0.7, 0.24, 0.8, 0.79, 0.21, 0.35, 0.77, 0.66, 0.61, 0.53, 0.38, 0.48, 0.61, 0.56, 0.46, 0.29, 0.6, 0.72, 0.54, 0.6, 0.52, 0.56, 0.57, 0.46, 0.45, 0.4, 0.41, 0.28, 0.08, 0.08, 0.08, 0.08, 1.0, 0.95, 0.89, 0.57, 0.66, 0.32, 0.12, 0.18, 0.1, 0.08, 0.08, 0.08, 0.08, 0.08, 0.08, 0.08],
  words: [
    { text: "I’ve", start: 0, end: 4, startMs: 350, endMs: 550 },
    { text: "been", start: 5, end: 9, startMs: 550, endMs: 750 },
    { text: "looking", start: 10, end: 17, startMs: 750, endMs: 1100 },
    { text: "forward", start: 18, end: 25, startMs: 1100, endMs: 1450 },
    { text: "to", start: 26, end: 28, startMs: 1450, endMs: 1525 },
    { text: "this", start: 29, end: 33, startMs: 1525, endMs: 1725 },
    { text: "conversation", start: 34, end: 46, startMs: 1725, endMs: 2750 },
    { text: "all", start: 47, end: 50, startMs: 2750, endMs: 3000 },
    { text: "week", start: 51, end: 55, startMs: 3000, endMs: 3550 },
  ],
};
