/** The address of a file beside this module. */
export const at = file => new URL(file, import.meta.url)
