import css from './banner.css' with { type: 'text' }
import { banner, element } from './draw.js'

// One embed: an element with a closed shadow root. It is not in the document until there is
// something to show.
export const attach = (data, embed, dismiss) => {
  const host = element('candor-status')
  const shadow = host.attachShadow({ mode: 'closed' })
  const [side, put] = data.position == 'bottom' ? ['bottom', 'append'] : ['top', 'prepend']
  // Unlike <style>, a constructed sheet passes a Content-Security-Policy without unsafe-inline.
  const sheet = new CSSStyleSheet
  const dismissible = data.dismissible != 'false'
  sheet.replaceSync(css + `section{padding-${side}:max(12px,env(safe-area-inset-${side}));color-scheme:${/dark|light/.exec(data.theme) || 'light dark'}`)
  shadow.adoptedStyleSheets = [sheet]
  return { ...embed, host, shadow, put, dismissible, draw: banner(shadow, dismissible && dismiss) }
}
