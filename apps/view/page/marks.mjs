// Stars and notes of a reader. They stay in this browser, under the run's name.

const nameOf = ({ dialogue, turn, system, sample }) => [dialogue, turn, system, sample].join(" ");

/** Stars and notes, by reply; `isKept` says whether the browser keeps them once the page is closed. */
export class Marks {
  constructor(run) {
    this.key = `empathy view ${run}`;
    this.isKept = true;
    this.found = {};
    try {
      this.found = JSON.parse(localStorage.getItem(this.key) ?? "{}");
    } catch {
      this.isKept = false;
    }
  }

  /** What is marked of a reply. */
  of(place) {
    return this.found[nameOf(place)] ?? { star: false, note: "" };
  }

  /** Changes what is marked of a reply. @param change `{ star }` or `{ note }`. */
  set(place, change) {
    // Another window may have marked something since.
    try {
      this.found = JSON.parse(localStorage.getItem(this.key) ?? "{}");
    } catch {
      this.isKept = false;
    }
    const mark = { ...this.of(place), ...change };
    if (mark.star || mark.note !== "") this.found[nameOf(place)] = mark;
    else delete this.found[nameOf(place)];
    try {
      localStorage.setItem(this.key, JSON.stringify(this.found));
    } catch {
      this.isKept = false;
    }
  }
}
