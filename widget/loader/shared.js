// What the element needs of the loader.
import { follower } from './follow.js'
import { join } from './watch.js'

export default { follower, join }
