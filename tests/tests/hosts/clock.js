// Replaces the visitor's clock: `clock.skew` milliseconds off, and from START on PACE times as fast, timers included.
// All windows share START, so they show the same time.
(() => {
  const Real = Date, start = START, { setTimeout, setInterval } = window
  const clock = window.clock = { skew: 0 }
  const now = () => start + (Real.now() - start) * PACE + clock.skew
  window.Date = class Date extends Real {
    constructor(...all) {
      all.length ? super(...all) : super(now())
    }
    static now() {
      return now()
    }
  }
  window.setTimeout = (run, wait, ...all) => setTimeout(run, wait / PACE, ...all)
  window.setInterval = (run, wait, ...all) => setInterval(run, wait / PACE, ...all)
})()
