// Style sheets for the shadow roots, each made once. Constructed ones: they pass a Content-Security-Policy
// without unsafe-inline, which <style> and style= do not.
import banner from '../css/banner.css' with { type: 'text' }
import more from '../css/more.css' with { type: 'text' }
import panel from '../css/panel.css' with { type: 'text' }

const made = new Map

const sheet = css => {
  if (!made.has(css)) {
    const its = new CSSStyleSheet
    its.replaceSync(css)
    made.set(css, its)
  }
  return made.get(css)
}

const CORNERS = ['top-left', 'top-right', 'bottom-left', 'bottom-right']

const place = (variant, position) => {
  if (variant == 'banner') return position == 'bottom' ? 'section{padding-top:12px;padding-bottom:max(12px,env(safe-area-inset-bottom))}' : ''
  if (variant != 'floating') return variant == 'badge' ? ':host{display:inline-block!important}' : ''
  const [block, side] = (CORNERS.includes(position) ? position : 'bottom-right').split('-')
  const [start, end] = side == 'left' ? ['flex-start', 'flex-end'] : ['flex-end', 'flex-start']
  return `:host{position:fixed!important;z-index:9999999!important;max-width:calc(100% - 32px)!important;${block}:max(16px,env(safe-area-inset-${block}))!important;${side}:16px!important}
.root{display:flex;gap:10px;flex-direction:${block == 'bottom' ? 'column-reverse' : 'column'};align-items:${start}}
.root:dir(rtl){align-items:${end}}
.panel{width:400px;max-width:100%;max-height:min(600px,calc(100dvh - 96px));overflow:auto}
.pill,.panel{box-shadow:0 2px 6px rgb(0 0 0/.12),0 10px 30px rgb(0 0 0/.16)}`
}

export const sheets = (variant, theme, position) => [
  ...variant == 'banner' ? [banner, more] : [panel],
  `.root{color-scheme:${theme == 'light' || theme == 'dark' ? theme : 'light dark'}}`,
  place(variant, position),
].map(sheet)
