// A module of its own where the edge serves it, for the loader loads it, too; part of the element in the package.
export { default } from '../loader/painter.js'
