// What lies on this device until it is safe elsewhere: drafts, messages that wait, recordings with their chunks.

const NAME = "speaktracker";
const VERSION = 1;
/** @typedef {"drafts" | "outbox" | "recordings" | "chunks" | "seen"} Store */

/** @type {Promise<IDBDatabase> | null} */
let opening = null;

/** @returns {Promise<IDBDatabase>} */
function database() {
  opening ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, VERSION);
    request.onupgradeneeded = () => {
      const db = request.result;
      db.createObjectStore("drafts");
      db.createObjectStore("seen");
      db.createObjectStore("outbox", { keyPath: "requestId" });
      db.createObjectStore("recordings", { keyPath: "id" });
      db.createObjectStore("chunks", { keyPath: ["id", "index"] });
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  opening.catch(() => (opening = null));
  return opening;
}

/**
 * @template T
 * @param {Store} store
 * @param {IDBTransactionMode} mode
 * @param {(store: IDBObjectStore) => IDBRequest} work
 * @returns {Promise<T>} when it is on the disk
 */
async function within(store, mode, work) {
  const db = await database();
  return await new Promise((resolve, reject) => {
    const transaction = db.transaction(store, mode, { durability: mode === "readwrite" ? "strict" : "default" });
    const request = work(transaction.objectStore(store));
    transaction.oncomplete = () => resolve(/** @type {any} */ (request.result));
    transaction.onerror = transaction.onabort = () => reject(transaction.error);
  });
}

/** @param {Store} store @param {any} value @param {IDBValidKey} [key] @returns {Promise<void>} */
export const put = (store, value, key) => within(store, "readwrite", (one) => one.put(value, key));
/** @param {Store} store @param {IDBValidKey} key @returns {Promise<any>} */
export const get = (store, key) => within(store, "readonly", (one) => one.get(key));
/** @param {Store} store @param {IDBValidKey | IDBKeyRange} key @returns {Promise<void>} */
export const remove = (store, key) => within(store, "readwrite", (one) => one.delete(key));
/** @param {Store} store @param {IDBKeyRange} [range] @returns {Promise<any[]>} */
export const all = (store, range) => within(store, "readonly", (one) => one.getAll(range));
