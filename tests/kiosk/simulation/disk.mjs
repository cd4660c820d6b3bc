/** A device's disk, which outlives its pages. A page can end at any write: before it, or after. */

export class Disk {
  constructor() {
    this.items = new Map();
    this.handOvers = new Map();
    this.facts = new Map();
  }

  /** As the kiosk's store has it, for one page. @param {import("./page.mjs").Page} page */
  openFor(page) {
    const { items, handOvers, facts } = this;
    const write = (what) => page.writes(what);
    const copies = (of) => [...of.values()].map((each) => structuredClone(each));
    return {
      put: (item, handOver = null) => {
        const copy = structuredClone([item, handOver]);
        return write(() => {
          items.set(item.id, copy[0]);
          if (handOver) handOvers.set(handOver.id, copy[1]);
        });
      },
      remember: (list) => {
        const copy = structuredClone(list);
        return write(() => copy.forEach((each) => handOvers.set(each.id, each)));
      },
      forget: (ids) => write(() => ids.forEach((id) => items.delete(id))),
      forgetHandOvers: (ids) => write(() => ids.forEach((id) => handOvers.delete(id))),
      set: (name, value) => {
        const copy = structuredClone(value);
        return write(() => facts.set(name, copy));
      },
      all: () => page.reads(() => copies(items)),
      handOvers: () => page.reads(() => copies(handOvers)),
      get: (name) => page.reads(() => structuredClone(facts.get(name))),
    };
  }
}
