// Samples as a WAV file (16 bits, one channel): a format in which every player finds every place.

const HEADER_BYTES = 44;

/** @param {Float32Array} samples from -1 to 1 @param {number} rate samples a second @returns {Blob} */
export function waveFile(samples, rate) {
  const view = new DataView(new ArrayBuffer(HEADER_BYTES + samples.length * 2));
  write(view, 0, "RIFF");
  view.setUint32(4, HEADER_BYTES - 8 + samples.length * 2, true);
  write(view, 8, "WAVEfmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, rate, true);
  view.setUint32(28, rate * 2, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  write(view, 36, "data");
  view.setUint32(40, samples.length * 2, true);
  samples.forEach((sample, index) => view.setInt16(HEADER_BYTES + index * 2, Math.max(-1, Math.min(1, sample)) * 0x7fff, true));
  return new Blob([view], { type: "audio/wav" });
}

/** @param {DataView} view @param {number} at @param {string} text */
function write(view, at, text) {
  for (let index = 0; index < text.length; index += 1) view.setUint8(at + index, text.charCodeAt(index));
}
