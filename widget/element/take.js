// A module of its own where the edge serves it, as ./paint.js is.
export { drop, take } from './widget.js'
