import css from '../css/banner.css' with { type: 'text' }
import { banner, element } from './draw.js'

// One script tag. A banner in English is drawn at once; for all else, and for more, the element is
// loaded as soon as there is something to show.
export const attach = (script, own, at) => {
  const { variant = 'banner', position, theme, lang, components, show, dismissible, refresh } = script.dataset
  // Once per address and options: a tag that is there twice, or that a library runs again with each page that it
  // puts in place, is the same banner.
  const id = JSON.stringify(script.dataset)
  if (own.embeds[id] && /is|ban|flo/.test(variant)) return
  own.embeds[id] = 1
  const host = element('candor-status')
  let draw, alone, loading

  const node = {
    node: host,
    script,
    every: Math.max(10, +refresh || 30),
    show(state) {
      const isQuiet = /is|ban|flo/.test(show || variant)
      if (isQuiet && !state.names?.some(name => !state.seen.includes(name))) return host.remove()
      // The parser may not have reached the body.
      if (!document.body) return setTimeout(node.show, 99, state)
      try {
        // In English, all components, only what goes on: that is what a plain banner can say.
        if (!node.done && (alone || isQuiet && /^banner,,,en/.test([variant, components, state.doc.resolved, lang || document.documentElement.lang || navigator.language]))) {
          if (!draw) {
            const shadow = node.shadow = host.attachShadow({ mode: 'closed' })
            // Unlike <style>, a constructed sheet passes a Content-Security-Policy without unsafe-inline.
            const sheet = new CSSStyleSheet
            // It ends where the value of color-scheme belongs.
            sheet.replaceSync(css + (/dark|light/.exec(theme) || 'light dark'))
            shadow.adoptedStyleSheets = [sheet]
            draw = banner(shadow, dismissible != 'false' && (() => own.dismiss(state.names)))
          }
          draw(state, alone)
        }
        // A banner is in the flow, so that it covers nothing; and before the body, whose layout is its own and whose
        // content is swapped by libraries. After a body that is as high as the window it would lie on the content: one
        // at the bottom is inside. What belongs elsewhere moves itself there.
        if (!host.isConnected) document.body[position == 'bottom' ? 'append' : 'before'](host)
      } catch { /* the next check tries again */ }
      // Refused, missing or broken: the plain banner, whatever was asked for.
      loading ||= import(at('element.js')).catch(() => node.show(state, alone = 1))
    },
  }
  own.add(node)
}
