/**
 * The device's own disk: one database for each device that this browser has stood for, so that what
 * one of them still has to tell never goes up in another one's name.
 */

/** @import {HandOver} from "../rules/memory.js" */
/** @import {Item} from "./items.js" */
/** @import {Shelf} from "./outbox.js" */

/**
 * @typedef {HandOver & {id: string, until: string | null}} KeptHandOver by its attempt, and until
 *   when its voucher may be shown, where that is known
 */

const PREFIX = "keepsake-kiosk-";
const VERSION = 1;
const ITEMS = "outbox", FACTS = "facts", HAND_OVERS = "hand-overs";

/** The browser does not let us keep anything. */
export class NoDisk extends Error {}

/** @implements {Shelf} */
export class Store {
  /**
   * @param {string} deviceId
   * @param {IDBDatabase} database
   */
  constructor(deviceId, database) {
    this.deviceId = deviceId;
    this.database = database;
  }

  /**
   * @param {string} deviceId
   * @returns {Promise<Store>}
   * @throws {NoDisk} in a private window, or where the disk is full
   */
  static async open(deviceId) {
    try {
      return new Store(deviceId, await opened(deviceId));
    } catch (error) {
      throw new NoDisk("This browser keeps nothing without a network.", { cause: error });
    }
  }

  /**
   * Phones close a database whose page was out of sight for long: then it is opened again.
   * @param {string[]} names
   * @param {IDBTransactionMode} [mode]
   * @param {IDBTransactionOptions} [options]
   * @returns {Promise<IDBTransaction>}
   */
  async begin(names, mode, options) {
    try {
      return this.database.transaction(names, mode, options);
    } catch {
      this.database = await opened(this.deviceId);
      return this.database.transaction(names, mode, options);
    }
  }

  /**
   * Keeps an item, and what was handed over by it: both or none. Resolved once they are on the disk
   * and not only on their way there.
   * @param {Item} item
   * @param {KeptHandOver | null} [handOver]
   */
  async put(item, handOver = null) {
    const names = handOver ? [ITEMS, HAND_OVERS] : [ITEMS];
    const writing = await this.begin(names, "readwrite", { durability: "strict" });
    writing.objectStore(ITEMS).put(item);
    if (handOver) writing.objectStore(HAND_OVERS).put(handOver);
    await finished(writing);
  }

  /** @returns {Promise<Item[]>} */
  async all() {
    return done((await this.begin([ITEMS])).objectStore(ITEMS).getAll());
  }

  /**
   * Forgets items: those that were settled long ago.
   * @param {string[]} ids
   */
  async forget(ids) {
    const writing = await this.begin([ITEMS], "readwrite");
    for (const id of ids) writing.objectStore(ITEMS).delete(id);
    await finished(writing);
  }

  /** @param {KeptHandOver[]} handOvers */
  async remember(handOvers) {
    const writing = await this.begin([HAND_OVERS], "readwrite", { durability: "strict" });
    for (const each of handOvers) writing.objectStore(HAND_OVERS).put(each);
    await finished(writing);
  }

  /** @returns {Promise<KeptHandOver[]>} */
  async handOvers() {
    return done((await this.begin([HAND_OVERS])).objectStore(HAND_OVERS).getAll());
  }

  /** @param {string[]} ids of hand-overs that were undone, or are long over */
  async forgetHandOvers(ids) {
    const writing = await this.begin([HAND_OVERS], "readwrite");
    for (const id of ids) writing.objectStore(HAND_OVERS).delete(id);
    await finished(writing);
  }

  /**
   * @param {string} name
   * @returns {Promise<any>} undefined where nothing was kept by that name
   */
  async get(name) {
    return done((await this.begin([FACTS])).objectStore(FACTS).get(name));
  }

  /**
   * @param {string} name
   * @param {unknown} value anything that can be cloned
   * @param {IDBTransactionDurability} [durability] relaxed: it outlives the page, and not every loss
   *   of power
   */
  async set(name, value, durability = "strict") {
    const writing = await this.begin([FACTS], "readwrite", { durability });
    writing.objectStore(FACTS).put(value, name);
    await finished(writing);
  }
}

/** @returns {Promise<string[]>} the devices that this browser has stood for, as far as it tells */
export async function devicesKept() {
  const kept = await indexedDB.databases?.().catch(() => []) ?? [];
  const names = kept.flatMap(({ name }) => (name?.startsWith(PREFIX) ? [name] : []));
  return names.map((name) => name.slice(PREFIX.length));
}

/**
 * @param {string} deviceId
 * @returns {Promise<IDBDatabase>}
 */
function opened(deviceId) {
  const opening = indexedDB.open(PREFIX + deviceId, VERSION);
  opening.onupgradeneeded = () => {
    opening.result.createObjectStore(ITEMS, { keyPath: "id" });
    opening.result.createObjectStore(HAND_OVERS, { keyPath: "id" });
    opening.result.createObjectStore(FACTS);
  };
  return done(opening);
}

/**
 * @template T
 * @param {IDBRequest<T>} request
 * @returns {Promise<T>}
 */
function done(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/**
 * @param {IDBTransaction} transaction
 * @returns {Promise<void>}
 */
function finished(transaction) {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onerror = () => reject(transaction.error);
    transaction.onabort = () => reject(transaction.error);
  });
}
