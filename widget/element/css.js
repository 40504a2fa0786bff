// A style sheet beside this module. The package has them inside.
export const css = file => fetch(new URL(file, import.meta.url)).then(answer => answer.text())
