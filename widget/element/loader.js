// The loader's file, called with nothing, where the edge serves it; part of the element in the package.
export { default } from '../loader/loader.js'
