// What the element needs of the loader.
import { follower } from './follow.js'
import { OPTIONS } from './quiet.js'
import { join } from './watch.js'

export default { OPTIONS, follower, join }
