// What paints. The edge sends it with the loader where there is something to tell; else it is loaded when there is.
import { embed } from './embed.js'

export default { embed }
