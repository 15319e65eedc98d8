/// How the report looks: light, dark, on paper and on a telephone.
enum ReportStyle {
  static let text = #"""
    :root { color-scheme: light dark; --paper: #ffffff; --panel: #f4f5f7; --ink: #1b1f24; --soft: #59636e; --line: #d5dae0;
      --accent: #0b5cad; --cursor: #c2185b; }
    @media (prefers-color-scheme: dark) {
      :root { --paper: #14171b; --panel: #1f242a; --ink: #e8ebee; --soft: #a3adb8; --line: #3a424b; --accent: #7db7f5;
        --cursor: #ff7fae; }
    }
    * { box-sizing: border-box; }
    [hidden] { display: none !important; }
    body { margin: 0 auto; padding: 1.2rem; max-width: 76rem; background: var(--paper); color: var(--ink);
      font: 16px/1.5 system-ui, -apple-system, "Segoe UI", "Noto Sans", "DejaVu Sans", sans-serif; }
    h1 { margin: 0; font-size: 1.5rem; overflow-wrap: anywhere; }
    h2 { margin: 2rem 0 .5rem; font-size: 1.15rem; }
    p { margin: .3rem 0; }
    .soft { color: var(--soft); font-size: .9rem; }
    .figures { display: flex; flex-wrap: wrap; gap: .6rem; margin: 1rem 0 0; padding: 0; list-style: none; }
    .figures li { flex: 1 1 8rem; padding: .6rem .8rem; background: var(--panel); border-radius: .5rem; }
    .figures b { display: block; font-size: 1.35rem; font-variant-numeric: tabular-nums; }
    video { display: block; width: 100%; max-height: 60vh; background: #000; border-radius: .5rem; }
    .legend { display: flex; flex-wrap: wrap; gap: .2rem 1rem; margin: .4rem 0; padding: 0; list-style: none; }
    .legend i, td i { display: inline-block; width: .85em; height: .85em; margin-right: .4em; border: 1px solid var(--soft);
      border-radius: .2em; vertical-align: -.05em; }
    .bar { display: flex; flex-wrap: wrap; align-items: center; gap: .4rem; margin: .5rem 0; }
    button { min-height: 2.2rem; padding: .2rem .7rem; border: 1px solid var(--line); border-radius: .4rem;
      background: var(--panel); color: var(--ink); font: inherit; cursor: pointer; }
    button:disabled { opacity: .45; cursor: default; }
    :focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
    #timeline { position: relative; border: 1px solid var(--line); border-radius: .5rem; overflow: hidden; cursor: crosshair;
      touch-action: pan-y; }
    #lanes { max-height: 32rem; overflow-y: auto; }
    .lane { display: flex; align-items: stretch; border-bottom: 1px solid var(--line); }
    .lane span { flex: none; width: 6.5rem; padding: .2rem .5rem; overflow: hidden; text-overflow: ellipsis; font-size: .85rem;
      background: var(--panel); align-self: stretch; display: flex; align-items: center; gap: .4rem; }
    .lane img { width: 32px; height: 32px; border-radius: .25rem; }
    .lane canvas { flex: 1; min-width: 0; height: 44px; display: block; }
    #axis { height: 24px; }
    #axis span { background: none; }
    #readout { min-height: 1.6em; font-variant-numeric: tabular-nums; }
    .scroll { overflow-x: auto; }
    table { width: 100%; border-collapse: collapse; font-size: .92rem; font-variant-numeric: tabular-nums; }
    caption { text-align: left; color: var(--soft); font-size: .9rem; padding: 0 0 .3rem; }
    th, td { padding: .3rem .6rem; border-bottom: 1px solid var(--line); text-align: left; vertical-align: middle; }
    td.number, th.number { text-align: right; }
    th button { min-height: 0; padding: .1rem .2rem; border: 0; background: none; font-weight: 600; }
    th[aria-sort=ascending] button::after { content: " ▲"; }
    th[aria-sort=descending] button::after { content: " ▼"; }
    td img { display: block; width: 48px; height: 48px; border-radius: .3rem; }
    .shares { display: flex; min-width: 9rem; height: 1rem; border: 1px solid var(--soft); border-radius: .25rem; overflow: hidden; }
    td.link button { min-height: 0; padding: .05rem .3rem; }
    .name { unicode-bidi: isolate; overflow-wrap: anywhere; }
    dl { display: grid; grid-template-columns: max-content 1fr; gap: .1rem 1rem; margin: 0; }
    dt { color: var(--soft); }
    dd { margin: 0; overflow-wrap: anywhere; }
    @media (max-width: 40rem) {
      body { padding: .7rem; font-size: 15px; }
      .lane span { width: 3.6rem; padding: .2rem .3rem; }
      .lane img { display: none; }
      th, td { padding: .25rem .35rem; }
      .wide { display: none; }
    }
    @media print {
      :root { color-scheme: light; --paper: #fff; --panel: #fff; --ink: #000; --soft: #444; --line: #bbb; }
      body { max-width: none; padding: 0; font-size: 10pt; }
      .bar, video, #readout, .screen { display: none; }
      #lanes { max-height: none; }
      tr, .lane { break-inside: avoid; }
      * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
    }
    """#
}
