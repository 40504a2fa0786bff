// A module of its own where the edge serves it, as ./paint.js is.
export { shareAll } from '../loader/windows.js'
