/** The looks of everything in a page. Sizes in px: a page's own font size must not change them. */
export const STYLES = `
.en { pointer-events: none; color: var(--ink); font: 13px/1.45 var(--font); font-variant-numeric: tabular-nums; text-align: left; white-space: normal; -webkit-font-smoothing: antialiased; color-scheme: light }
.en.dark { color-scheme: dark }
.en *, .en *::before { box-sizing: border-box }
.en button, .en input, .en textarea { font: inherit; color: inherit; letter-spacing: inherit; margin: 0 }
.en button { appearance: none; border: 0; background: none; padding: 0; cursor: pointer; pointer-events: auto; user-select: none }
.en [hidden] { display: none !important }
.icon { width: 16px; height: 16px; fill: none; stroke: currentColor; stroke-width: 1.75; stroke-linecap: round; stroke-linejoin: round; flex: none }
.mark { width: 16px; height: 16px; flex: none; display: block }
.mark rect { fill: #0c6b66 } .mark path { fill: none; stroke: #fff; stroke-width: 6.2; stroke-linecap: round; stroke-linejoin: round }
.dark .mark rect { fill: #178a83 }
.en :focus { outline: none } .en :focus-visible { outline: 2px solid var(--accent); outline-offset: 1px }

.rest { width: 24px; height: 24px; display: grid; place-items: center; border-radius: 6px; opacity: .72; transition: opacity var(--fast) var(--ease), background var(--fast) var(--ease) }
.en button.rest { display: grid }
.rest:hover, .rest:focus-visible, .rest[aria-expanded="true"] { opacity: 1; background: var(--hover) }

.bar { display: inline-flex; align-items: center; gap: 1px; height: 28px; padding: 1px; border: 1px solid var(--line); border-radius: 8px; background: var(--raised); color: var(--muted); line-height: 1; white-space: nowrap; pointer-events: auto; width: max-content }
.bar > .mark { margin: 0 4px 0 6px }
.bar button { display: inline-flex; align-items: center; gap: 5px; height: 24px; min-width: 24px; padding: 0 8px; border-radius: 6px; justify-content: center; color: var(--muted) }
.bar button.square { padding: 0 4px }
.bar button:hover { background: var(--hover); color: var(--ink) }
.bar button.on { color: var(--accent); font-weight: 600 } .bar.matched button.on { background: var(--accent-soft) }
.bar button.on:hover { background: var(--accent-soft); color: var(--accent-hover) }
.bar button[aria-disabled="true"] { cursor: default }
.bar button:focus-visible { outline-offset: -2px }
.bar .as { padding: 0 9px 0 3px; font-size: 12px; line-height: 20px; border-right: 1px solid var(--line); margin-right: 2px; max-width: 240px; overflow: hidden; text-overflow: ellipsis }
.bar .says { display: inline-flex; align-items: center; gap: 5px; padding: 0 8px 0 4px; font-size: 12px } .bar .says .icon { width: 14px; height: 14px }
.bar .says.good { color: var(--good) } .bar .says.warn { color: var(--warn) }
.measure { visibility: hidden; position: absolute; inset: 0 auto auto 0 }

.float { position: fixed; inset: auto; left: 0; top: 0; margin: 0; padding: 0; border: 0; background: none; color: inherit; overflow: visible; pointer-events: none }
.float > .bar { box-shadow: 0 1px 2px rgb(0 0 0 / .06), 0 2px 10px rgb(0 0 0 / .08) }
.panel { width: min(480px, calc(100vw - 16px)); max-height: min(460px, calc(100vh - 16px)); display: flex; flex-direction: column; background: var(--raised); border: 1px solid var(--line); border-radius: 12px; box-shadow: var(--shadow); overflow: hidden; pointer-events: auto; font: 13px/1.45 var(--font) }
.panel header { display: flex; align-items: center; gap: 8px; padding: 8px 8px 8px 12px; color: var(--muted); min-height: 41px }
.panel header .grow, .foot .grow { flex: 1; min-width: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap }
.chip { display: inline-flex; align-items: center; height: 20px; padding: 0 7px; border-radius: 10px; font-size: 11.5px; line-height: 1; white-space: nowrap; background: var(--accent-soft); color: var(--accent) }
.en kbd { font: 11px/1.4 var(--mono); color: var(--muted); border: 1px solid var(--line); border-bottom-width: 2px; border-radius: 4px; padding: 0 4px; background: var(--surface); flex: none; align-self: start }
.panel header kbd, .foot kbd { align-self: center }
.quiet { display: inline-flex; align-items: center; gap: 6px; min-height: 24px; padding: 0 6px !important; border-radius: 6px; color: var(--muted) !important; white-space: nowrap; flex: none }
.quiet:hover { background: var(--hover) !important; color: var(--ink) !important }
.search { flex: 1; min-width: 0; height: 28px; padding: 0 8px; border: 1px solid var(--edge); border-radius: 6px; background: var(--surface); pointer-events: auto; user-select: text }
.list { overflow: auto; overscroll-behavior: contain; flex: 1 1 auto; min-height: 0 }
.s { display: grid; grid-template-columns: 20px 1fr; gap: 8px; padding: 9px 12px; border-top: 1px solid var(--line); cursor: pointer; pointer-events: auto; overflow-wrap: anywhere }
.s:hover { background: var(--hover) } .s[aria-selected="true"] { background: var(--accent-soft) }
.s .words { white-space: pre-line; display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 5; overflow: hidden }
.s small { display: block; color: var(--muted); margin-top: 3px; font-size: 11.5px } .s u { text-decoration: none; background: var(--mark); border-radius: 3px; padding: 0 2px }
.bones { padding: 12px; border-top: 1px solid var(--line); display: grid; gap: 9px } .bones i { display: block; height: 9px; border-radius: 5px; background: var(--hover) } .bones i:nth-child(2n) { width: 62% }
.write { padding: 12px; border-top: 1px solid var(--line); display: grid; gap: 8px; overflow: auto }
.write p { margin: 0; color: var(--ink) } .write p.why { color: var(--muted) }
.write textarea { width: 100%; min-height: 84px; max-height: 220px; padding: 8px 10px; border: 1px solid var(--edge); border-radius: 6px; background: var(--surface); resize: vertical; line-height: 1.5; pointer-events: auto; user-select: text; field-sizing: content }
.write textarea::placeholder, .search::placeholder { color: var(--faint); opacity: 1 }
.write .acts { display: flex; gap: 8px; align-items: center; justify-content: flex-end }
.en .btn { display: inline-flex; align-items: center; gap: 6px; min-height: 28px; padding: 0 10px; border: 1px solid var(--line); border-radius: 6px; background: var(--surface); white-space: nowrap }
.en .btn:hover { background: var(--hover) }
.en .btn.go { background: var(--accent); border-color: transparent; color: var(--accent-ink); font-weight: 600 } .en .btn.go:hover { background: var(--accent-hover) }
.en .btn.go kbd { background: none; border-color: currentColor; color: inherit; opacity: .8 }
.en .btn[aria-disabled="true"] { opacity: .55; cursor: default }
.foot { display: flex; align-items: center; gap: 8px; padding: 7px 12px; border-top: 1px solid var(--line); background: var(--paper); color: var(--muted); font-size: 12px }

.menu { min-width: 200px; max-width: min(320px, calc(100vw - 16px)); padding: 4px; border: 1px solid var(--line); border-radius: 10px; background: var(--raised); box-shadow: var(--shadow); pointer-events: auto }
.menu button { display: flex; align-items: center; gap: 8px; width: 100%; min-height: 30px; padding: 4px 8px; border-radius: 6px; text-align: left; color: var(--ink) }
.menu button:hover, .menu button:focus-visible { background: var(--hover); outline: none } .menu button:focus-visible { box-shadow: inset 0 0 0 2px var(--accent) }
.menu button .icon { color: var(--muted) } .menu hr { margin: 4px 0; border: 0; border-top: 1px solid var(--line) }
.menu p { margin: 0; padding: 6px 8px; color: var(--muted); font-size: 12px }

.notices { display: grid; gap: 6px; justify-items: end }
.notice { display: flex; align-items: center; gap: 10px; max-width: min(420px, calc(100vw - 24px)); padding: 7px 8px 7px 12px; border: 1px solid var(--line); border-radius: 10px; background: var(--raised); color: var(--ink); box-shadow: var(--shadow); pointer-events: auto; overflow-wrap: anywhere }
.notice .words { flex: 1 } .notice .words b { display: block; font-weight: 400; color: var(--muted); font-size: 12px; max-height: 3.2em; overflow: hidden }
.vh { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap }
@media (prefers-reduced-motion: no-preference) { .float > .bar, .panel, .menu, .notice { animation: appear var(--fast) var(--ease) } }
@keyframes appear { from { opacity: 0; translate: 0 2px } }
@media (forced-colors: active) {
  .bar, .panel, .menu, .notice, .rest { border: 1px solid ButtonBorder; background: Canvas }
  .s[aria-selected="true"], .bar.matched button.on { outline: 2px solid Highlight; outline-offset: -2px }
  .s u { border-bottom: 1px solid }
}
`;
