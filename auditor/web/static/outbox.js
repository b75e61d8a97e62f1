// Changes on their way to the server: kept in this browser until the server has them, sent in order, each once.
//
// A change that follows another carries no revision of its own until the one before it was answered. A key of its own
// lets the server recognise a change that it has already; so a lost answer loses nothing and doubles nothing.
const LEAST_WAIT = 1000;
const MOST_WAIT = 30000;

export class Outbox {
  constructor({ name, address, csrf, on }) {
    Object.assign(this, { name, address, csrf, on, wait: LEAST_WAIT, held: false, timer: 0 });
    window.addEventListener("online", () => this.send());
  }

  kept() {
    return JSON.parse(localStorage.getItem(this.name) ?? "[]");
  }

  keep(changes) {
    if (changes.length) localStorage.setItem(this.name, JSON.stringify(changes));
    else localStorage.removeItem(this.name);
  }

  add(change, revision) {
    const waiting = this.kept();
    const key = crypto.randomUUID ? crypto.randomUUID() : `${Date.now()}-${Math.random().toString(36).slice(2, 12)}`;
    this.keep([...waiting, { key, change, revision: waiting.length ? null : revision }]);
    this.send();
  }

  drop() {
    this.held = false;
    this.keep([]);
  }

  rebase(revision) {
    const waiting = this.kept();
    if (waiting.length) waiting[0].revision = revision;
    this.keep(waiting);
    this.held = false;
    this.send();
  }

  send() {
    clearTimeout(this.timer);
    this.on.waiting(this.kept().length);
    const run = () => this.sendAll();
    return navigator.locks ? navigator.locks.request(this.name, run) : (this.running = (this.running ?? Promise.resolve()).then(run));
  }

  async sendAll() {
    while (!this.held && this.kept().length) {
      const [first] = this.kept();
      const answer = await this.post(first);
      if (answer === null) return this.later();
      this.wait = LEAST_WAIT;
      if (!this.take(first, answer)) return undefined;
    }
    return undefined;
  }

  async post({ key, change, revision }) {
    const headers = { "content-type": "application/json", accept: "application/json", "x-csrf-token": this.csrf };
    const body = JSON.stringify({ ...change, key, revision });
    try {
      const answer = await fetch(this.address, { method: "POST", headers, body, signal: AbortSignal.timeout(20000) });
      if (answer.status >= 500 || answer.status === 429) return null;
      return { status: answer.status, told: await answer.json() };
    } catch {
      return null; // no network, or an answer cut short: it is sent again under the same key
    }
  }

  later() {
    this.on.offline(this.kept().length);
    this.timer = setTimeout(() => this.send(), this.wait);
    this.wait = Math.min(this.wait * 2, MOST_WAIT);
  }

  // True when the next change may be sent.
  take(first, { status, told }) {
    if (status === 409 || status === 401 || status === 403 || status === 404) {
      this.held = true;
      this.on.refused(status, told, this.kept());
      return false;
    }
    const rest = this.kept().filter((each) => each.key !== first.key);
    const after = status === 200 ? told.revision_after : first.revision;
    if (rest.length && rest[0].revision === null) rest[0].revision = after;
    this.keep(rest);
    if (status === 200) this.on.saved(told, rest);
    else this.on.invalid(told, rest);
    this.on.waiting(rest.length);
    return true;
  }
}
