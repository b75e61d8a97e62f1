// The reviewer's time on a case. It runs while the page is used; a pause of more than a minute is idle and left out.
const IDLE = 60000;
const SIGNS = ["keydown", "pointerdown", "pointermove", "wheel", "scroll"];

export class WorkTime {
  constructor(name, before) {
    this.name = name;
    this.before = before;
    this.last = Date.now();
    const noted = () => { if (Date.now() - this.last > 250) this.note(); };
    for (const sign of SIGNS) document.addEventListener(sign, noted, { capture: true, passive: true });
    document.addEventListener("visibilitychange", () => this.note());
    window.addEventListener("pagehide", () => this.note());
    setInterval(() => this.show(), 10000);
    this.show();
  }

  waiting() {
    return Number(localStorage.getItem(this.name) ?? 0);
  }

  note() {
    const now = Date.now();
    if (now - this.last < IDLE) localStorage.setItem(this.name, String(this.waiting() + now - this.last));
    this.last = now;
  }

  // Whole seconds since the last time that they were taken; they go with a change, which is sent once.
  take() {
    this.note();
    const seconds = Math.floor(this.waiting() / 1000);
    localStorage.setItem(this.name, String(this.waiting() - seconds * 1000));
    this.before += seconds;
    return seconds;
  }

  show() {
    const place = document.getElementById("spent");
    if (place) place.textContent = `${Math.floor((this.before + this.waiting() / 1000) / 60)} min`;
  }
}
