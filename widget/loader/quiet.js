// What an embed may be asked for, and what follows from it. `get`: an option of the embed.
export const OPTIONS = 'src variant position theme lang components show dismissible refresh'.split(' ')
// It stands where its tag or element is.
export const isPlaced = get => /^(badge|inline)$/.test(get('variant'))
// It shows nothing while there is nothing to tell.
export const isQuiet = get => get('show') ? get('show') != 'always' : !isPlaced(get)
