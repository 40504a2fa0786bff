// Whether an embed shows nothing while there is nothing to tell. `get`: an option of the embed.
export const isPlaced = get => /badge|inline/.test(get('variant'))
export const isQuiet = get => get('show') ? get('show') != 'always' : !isPlaced(get)
