// What paints. The edge sends it with the loader where something is told; else it is loaded when something is.
import { embed } from './embed.js'

export default { embed }
