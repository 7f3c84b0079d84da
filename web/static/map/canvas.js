// The canvas: looked at by pointer and keys; a line drawn around nodes picks them out.
import { useSignal, useSignalEffect } from "@preact/signals";
import { html } from "htm/preact";
import { useEffect, useRef } from "preact/hooks";
import { IconButton } from "../parts/button.js";
import { counted, t } from "../words/words.js";
import { Drawing } from "./drawing.js";
import { titleOf } from "./atlas.js";

/** @typedef {{ x: number, y: number }} Point */

const STEP = 0.12;
const ZOOM = 1.5;

/** @param {{ atlas: import("./atlas.js").Atlas, choose: (id: number | null) => void, onFail: () => void }} given */
export function Canvas({ atlas, choose, onFail }) {
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  const drawing = useRef(/** @type {Drawing | null} */ (null));
  const isLasso = useSignal(false);
  useEffect(() => {
    if (!document.createElement("canvas").getContext("webgl2")) return onFail();
    drawing.current = new Drawing(/** @type {HTMLElement} */ (box.current), atlas, choose);
    return () => {
      drawing.current?.close();
      drawing.current = null;
    };
  }, [atlas]);
  const shown = useRef(/** @type {number | null} */ (null));
  useSignalEffect(() => {
    atlas.visible.value;
    atlas.picked.value;
    const chosen = atlas.chosen.value;
    const nearest = atlas.nearest.value;
    drawing.current?.refresh();
    if (chosen !== null && chosen !== shown.current) requestAnimationFrame(() => drawing.current?.show(chosen));  // beside its panel, once that is there
    else if (nearest && chosen === null) drawing.current?.showAll(nearest.map(String));
    shown.current = chosen;
  });
  const keys = (/** @type {KeyboardEvent} */ event) => {
    const now = drawing.current;
    if (!now || event.ctrlKey || event.metaKey || event.altKey) return;
    /** @type {Record<string, () => void>} */
    const steps = { ArrowLeft: () => now.pan(-STEP, 0), ArrowRight: () => now.pan(STEP, 0), ArrowUp: () => now.pan(0, -STEP), ArrowDown: () => now.pan(0, STEP), "+": () => now.zoom(ZOOM), "=": () => now.zoom(ZOOM), "-": () => now.zoom(1 / ZOOM), Escape: () => choose(null) };
    const step = steps[event.key];
    if (!step) return;
    event.preventDefault();
    step();
  };
  const chosen = atlas.chosen.value === null ? undefined : atlas.nodes.get(atlas.chosen.value);
  const picked = (/** @type {Point[]} */ line) => {
    isLasso.value = false;
    const around = drawing.current?.within(line) ?? [];
    atlas.around.value = around.length ? new Set(around) : null;
  };
  return html`<div class="canvas-frame"><div class="canvas" ref=${box} tabindex="0" role="application" aria-label=${t("map.canvas", { count: atlas.visible.value.size })} aria-description=${t("map.keys")} onKeyDown=${keys}></div>
    <p class="hidden-text" role="status">${chosen ? titleOf(chosen) : ""}</p>
    ${isLasso.value ? html`<${Lasso} onDrawn=${picked} onCancel=${() => (isLasso.value = false)} />` : null}
    <div class="canvas-buttons"><${IconButton} label=${t("map.lasso")} icon="lasso" class="plain" aria-pressed=${isLasso.value} onClick=${() => (isLasso.value = !isLasso.value)} />
      <${IconButton} label=${t("map.nearer")} icon="plus" class="plain" onClick=${() => drawing.current?.zoom(ZOOM)} /><${IconButton} label=${t("map.farther")} icon="minus" class="plain" onClick=${() => drawing.current?.zoom(1 / ZOOM)} /></div>
    ${atlas.around.value ? html`<p class="canvas-note" role="status">${counted("map.around", atlas.around.value.size)} <button type="button" class="link" onClick=${() => (atlas.around.value = null)}>${t("map.letGo")}</button></p>` : null}</div>`;
}

/** @param {{ onDrawn: (line: Point[]) => void, onCancel: () => void }} given */
function Lasso({ onDrawn, onCancel }) {
  const line = useSignal(/** @type {Point[]} */ ([]));
  const layer = useRef(/** @type {SVGElement | null} */ (null));
  useEffect(() => {
    const pressed = (/** @type {KeyboardEvent} */ event) => event.key === "Escape" && onCancel();
    document.addEventListener("keydown", pressed);
    return () => document.removeEventListener("keydown", pressed);
  }, []);
  const pointOf = (/** @type {PointerEvent} */ event) => {
    const { left, top } = /** @type {SVGElement} */ (layer.current).getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  };
  const begin = (/** @type {PointerEvent} */ event) => {
    layer.current?.setPointerCapture(event.pointerId);
    line.value = [pointOf(event)];
  };
  const go = (/** @type {PointerEvent} */ event) => {
    if (line.value.length) line.value = [...line.value, pointOf(event)];
  };
  const end = () => {
    const drawn = line.value;
    line.value = [];
    if (drawn.length > 2) onDrawn(drawn);
  };
  return html`<svg class="lasso" ref=${layer} aria-hidden="true" onPointerDown=${begin} onPointerMove=${go} onPointerUp=${end} onPointerCancel=${onCancel}><polygon points=${line.value.map(({ x, y }) => `${x},${y}`).join(" ")} /></svg>`;
}
