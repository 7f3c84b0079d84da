// A modal dialog; the browser keeps the focus in it and gives it back to the opener.
import { html } from "htm/preact";
import { useEffect, useId, useRef } from "preact/hooks";

/** @param {{ title: string, onClose: () => void, children?: any }} given */
export function Dialog({ title, onClose, children }) {
  const dialog = useRef(/** @type {HTMLDialogElement | null} */ (null));
  const id = useId();
  useEffect(() => {
    const opener = document.activeElement;
    dialog.current?.showModal();
    return () => opener instanceof HTMLElement && opener.isConnected && opener.focus();
  }, []);
  const outside = (/** @type {MouseEvent} */ event) => event.target === dialog.current && onClose();
  return html`<dialog ref=${dialog} aria-labelledby=${id} onClose=${onClose} onMouseDown=${outside}>
    <div><h2 id=${id}>${title}</h2>${children}</div>
  </dialog>`;
}
