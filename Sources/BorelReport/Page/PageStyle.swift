/// How pages and drawings look in light and dark.
enum PageStyle {
  private static let colors = """
    :root {
      color-scheme: light dark;
      --page: #fbfaf8; --card: #ffffff; --line: #e4e1db; --grid: #ece9e3; --text: #1f2328;
      --muted: #5f6670; --accent: #23689b; --soft: #23689b; --datum: #c2541b; --good: #1a7f43;
      --warn: #b04a00; --chain0: #23689b; --chain1: #c2541b; --chain2: #2e8b57; --chain3: #8a4fae;
    }
    @media (prefers-color-scheme: dark) {
      :root {
        --page: #14171a; --card: #1b1f24; --line: #30363d; --grid: #272c33; --text: #e6e8eb;
        --muted: #9aa3ad; --accent: #74b3e0; --soft: #74b3e0; --datum: #f0a06c; --good: #57c785;
        --warn: #f0a35c; --chain0: #74b3e0; --chain1: #f0a06c; --chain2: #7fd0a0; --chain3: #c79be8;
      }
    }

    """

  /// The classes of drawings.
  private static let drawing = """
    svg text { font: 11px system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif; }
    .tick { fill: var(--muted); font-variant-numeric: tabular-nums; }
    .heading { fill: var(--text); font-weight: 600; font-size: 13px; }
    .note { fill: var(--muted); }
    .axis { stroke: var(--muted); stroke-width: 1; }
    .grid { stroke: var(--grid); stroke-width: 1; }
    .bar { fill: var(--accent); fill-opacity: .78; }
    .bar:hover { fill-opacity: 1; }
    .mean { stroke: var(--text); stroke-width: 1.2; stroke-dasharray: 3 3; }
    .interval { stroke: var(--datum); stroke-width: 3.4; stroke-linecap: round; }
    .whisker { stroke: var(--accent); stroke-width: 1.4; }
    .whisker ~ .interval { stroke: var(--accent); }
    .median { fill: var(--card); stroke: var(--accent); stroke-width: 2; }
    .band90 { fill: var(--soft); fill-opacity: .16; }
    .band50 { fill: var(--soft); fill-opacity: .28; }
    .curve { fill: none; stroke: var(--accent); stroke-width: 1.6; stroke-linejoin: round; }
    .datum { fill: var(--datum); }
    .resampled { stroke: var(--datum); stroke-width: 1; }
    .expected { stroke: var(--muted); stroke-width: 1; stroke-dasharray: 4 3; }
    .trace { fill: none; stroke-width: .9; stroke-opacity: .75; stroke-linejoin: round; }
    .trace.chain0 { stroke: var(--chain0); } .trace.chain1 { stroke: var(--chain1); }
    .trace.chain2 { stroke: var(--chain2); } .trace.chain3 { stroke: var(--chain3); }
    .rank { fill-opacity: .75; }
    .rank.chain0 { fill: var(--chain0); } .rank.chain1 { fill: var(--chain1); }
    .rank.chain2 { fill: var(--chain2); } .rank.chain3 { fill: var(--chain3); }

    """

  private static let layout = """
    * { box-sizing: border-box; }
    body { margin: 0; background: var(--page); color: var(--text);
      font: 15px/1.5 system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif; }
    main { max-width: 1120px; margin: 0 auto; padding: 28px 20px 60px; }
    h1 { font-size: 26px; line-height: 1.25; margin: 0 0 4px; overflow-wrap: anywhere; }
    h2 { font-size: 18px; margin: 36px 0 12px; }
    h3 { font-size: 14px; margin: 0 0 6px; overflow-wrap: anywhere; }
    h3 small { font-weight: 400; color: var(--muted); margin-left: 6px; }
    p { margin: 4px 0 12px; } .muted { color: var(--muted); }
    code, pre { font: 13px/1.45 ui-monospace, "SF Mono", Menlo, "DejaVu Sans Mono", monospace; }
    .facts { display: flex; flex-wrap: wrap; gap: 10px; margin: 18px 0 0; padding: 0; }
    .fact { background: var(--card); border: 1px solid var(--line); border-radius: 8px;
      padding: 8px 14px; min-width: 130px; }
    .fact b { display: block; font-size: 17px; font-variant-numeric: tabular-nums; }
    .fact span { color: var(--muted); font-size: 12.5px; }
    ul.checks { list-style: none; padding: 0; margin: 0; }
    ul.checks li { padding: 4px 0; display: grid; grid-template-columns: 62px 92px 1fr; gap: 8px; }
    .badge { font-size: 12px; font-weight: 600; border-radius: 10px; padding: 1px 0;
      text-align: center; border: 1px solid currentColor; height: 22px; }
    .ok { color: var(--good); } .warn { color: var(--warn); }
    .cards { display: grid; gap: 14px; grid-template-columns: repeat(auto-fill, minmax(320px, 1fr)); }
    .card { background: var(--card); border: 1px solid var(--line); border-radius: 8px;
      padding: 12px 12px 8px; min-width: 0; margin-bottom: 14px; }
    .cards .card { margin-bottom: 0; }
    .chains { grid-template-columns: repeat(auto-fill, minmax(min(100%, 500px), 1fr)); }
    .card svg { display: block; max-width: 100%; height: auto; margin: 0 auto; }
    .scroll { overflow-x: auto; }
    table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: 13.5px; }
    th, td { text-align: right; padding: 4px 10px; border-bottom: 1px solid var(--line);
      white-space: nowrap; }
    th { color: var(--muted); font-weight: 600; }
    th:first-child, td:first-child { text-align: left; padding-left: 2px; }
    td.left, th.left { text-align: left; }
    td small { color: var(--muted); white-space: normal; display: block; text-align: left;
      max-width: 62ch; }
    pre { white-space: pre-wrap; overflow-wrap: anywhere; }
    details pre { background: var(--card); border: 1px solid var(--line); border-radius: 8px;
      padding: 12px; overflow-x: auto; }
    summary { cursor: pointer; color: var(--muted); }
    .narrow { display: none; }
    @media (max-width: 780px) {
      main { padding: 18px 12px 40px; }
      .wide { display: none; } .narrow { display: block; }
      ul.checks li { grid-template-columns: 62px 1fr; }
      ul.checks li > :last-child { grid-column: 1 / -1; }
      h1 { font-size: 21px; }
    }
    @media print { .card, .fact { break-inside: avoid; } }

    """

  static let page = colors + drawing + layout
  static let image = colors + drawing
}
