// A module of its own where the edge serves it, as ./paint.js is.
export { drop, open, take } from './widget.js'
