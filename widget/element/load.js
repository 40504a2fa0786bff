// A file beside this module. The package has them inside.
export const load = file => fetch(new URL(file, import.meta.url)).then(answer => answer.ok && answer.text())

// A module beside this one.
export const part = file => import(new URL(file, import.meta.url).href)
