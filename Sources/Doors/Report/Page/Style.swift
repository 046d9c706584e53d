/// The page's looks: one hue a kind, everywhere; light or dark as the reader's system is.
enum Style {
    static let sheet = colours + layout + parts + charts + paper

    private static let colours = """
        :root {
          color-scheme: light dark;
          --paper: #fbfaf7; --card: #ffffff; --ink: #1d2430; --soft: #5d6673; --line: #e4e1da;
            --faint: #f1efe9;
          --accent: #0f7c80; --good: #1d7f4e; --bad: #b5482b; --notice: #fdf3dc;
          --solar: #e3a008; --wind: #5aaee0; --hydro: #128a8c; --genset: #8a5a3a; --battery: #7d62b8;
          --grid: #9aa1ab; --load: #1d2430; --losses: #c9705a; --export: #c3c8cf; --charge: #b7a6dc;
        }
        @media (prefers-color-scheme: dark) {
          :root {
            --paper: #14181e; --card: #1b2128; --ink: #e6e9ee; --soft: #9aa4b1; --line: #2d3540;
              --faint: #20272f;
            --accent: #4cbcc0; --good: #5cc48d; --bad: #e58a6d; --notice: #3a3220;
            --solar: #f0b429; --wind: #6cb9ea; --hydro: #2ba6a3; --genset: #b07d56; --battery: #9a80d6;
            --grid: #7d8692; --load: #f2f4f7; --losses: #d98571; --export: #57606c; --charge: #5d4d8c;
          }
        }

        """

    private static let layout = """
        * { box-sizing: border-box; }
        html { -webkit-text-size-adjust: 100%; }
        body { margin: 0; background: var(--paper); color: var(--ink); line-height: 1.5; font-size: 15px;
          font-family: system-ui, -apple-system, "Segoe UI", "Noto Sans", "Noto Sans CJK SC", sans-serif;
          font-variant-numeric: tabular-nums; }
        .page, main { max-width: 1120px; margin: 0 auto; padding: 0 24px; }
        header.page { padding-top: 40px; padding-bottom: 8px; }
        footer.page { padding-top: 8px; padding-bottom: 48px; color: var(--soft); font-size: 13px; }
        h1 { font-size: 34px; line-height: 1.15; font-weight: 650; letter-spacing: -0.015em;
          margin: 2px 0 6px; }
        h2 { font-size: 21px; font-weight: 620; letter-spacing: -0.008em; margin: 0 0 2px; }
        h3 { font-size: 15px; font-weight: 620; margin: 28px 0 6px; }
        p { margin: 0 0 8px; }
        .mark { color: var(--accent); font-size: 13px; font-weight: 600; letter-spacing: 0.04em; margin: 0; }
        .about { font-size: 17px; max-width: 46em; }
        .facts, .lead { color: var(--soft); }
        .lead { max-width: 52em; margin-bottom: 14px; }
        section { background: var(--card); border: 1px solid var(--line); border-radius: 12px;
          padding: 22px 24px 24px; margin: 20px 0; }
        ul { margin: 0; padding-left: 1.2em; }

        """

    private static let parts = """
        .tiles { display: grid; grid-template-columns: repeat(4, 1fr); gap: 12px; margin: 20px 0; }
        .tile { background: var(--card); border: 1px solid var(--line); border-radius: 12px;
          padding: 14px 16px; }
        .tile p { margin: 0; }
        .tile .title, .tile .note { color: var(--soft); font-size: 13px; }
        .tile .value { font-size: 25px; font-weight: 620; letter-spacing: -0.01em; line-height: 1.35; }
        .tile .value small { font-size: 14px; font-weight: 450; color: var(--soft); letter-spacing: 0; }
        .checks { list-style: none; padding: 0; margin: 0 0 4px; display: grid; gap: 4px 24px;
          grid-template-columns: repeat(auto-fit, minmax(420px, 1fr)); }
        .checks li { padding-left: 24px; position: relative; }
        .checks li::before { position: absolute; left: 2px; font-weight: 700; }
        .checks .good::before { content: "✓"; color: var(--good); }
        .checks .bad::before { content: "!"; color: var(--bad); left: 6px; }
        .notice { background: var(--notice); border-radius: 8px; padding: 10px 14px; margin: 12px 0; }
        .scroll { overflow-x: auto; margin: 8px 0; }
        table { border-collapse: collapse; width: 100%; font-size: 13.5px; }
        th { text-align: left; font-weight: 600; color: var(--soft); border-bottom: 1px solid var(--line);
          vertical-align: bottom; }
        th, td { padding: 5px 14px 5px 0; }
        .wide { font-size: 12px; }
        .wide th, .wide td { padding-right: 9px; }
        th:last-child, td:last-child { padding-right: 0; }
        th small { font-weight: 400; display: block; }
        td { border-bottom: 1px solid var(--faint); }
        .n { text-align: right; }
        .n, td:first-child { white-space: nowrap; }
        tfoot td { font-weight: 620; border-top: 1px solid var(--line); border-bottom: 0; }
        tbody tr:hover { background: var(--faint); }
        details { margin: 6px 0; }
        summary { cursor: pointer; color: var(--accent); padding: 3px 0; }
        .pair { display: grid; grid-template-columns: 1fr 1fr; gap: 40px; align-items: start; }

        """

    private static let charts = """
        .chart { position: relative; height: 320px; margin: 6px 0 14px; }
        .chart.tall { height: 400px; }
        .series { height: 280px; width: 100%; margin: 6px 0; }
        .chart:not(.on), .series:not(.on) { display: none; }
        .legend { color: var(--soft); font-size: 13px; min-height: 20px; }
        .controls { display: flex; align-items: center; gap: 8px; flex-wrap: wrap; margin-bottom: 8px; }
        .controls[hidden] { display: none; }
        button, select { font: inherit; color: inherit; background: var(--faint);
          border: 1px solid var(--line);
          border-radius: 8px; padding: 4px 12px; }
        #week-label { color: var(--soft); }
        .dygraph-axis-label, .dygraph-ylabel { color: var(--soft); font-size: 12px; }
        .dygraph-legend { background: none; width: auto; }
        .dygraph-rangesel-fgcanvas { cursor: default; }

        """

    private static let paper = """
        @media (max-width: 820px) {
          .tiles { grid-template-columns: repeat(2, 1fr); }
          .pair { grid-template-columns: 1fr; gap: 8px; }
          .checks { grid-template-columns: 1fr; }
          .page, main { padding-left: 14px; padding-right: 14px; }
          section { padding: 16px 14px; }
          h1 { font-size: 27px; }
        }
        @media print {
          body { background: #fff; font-size: 11px; }
          section, .tile { border-color: #ccc; break-inside: avoid-page; }
          .controls, summary { display: none; }
          .page, main { max-width: none; padding: 0; }
        }
        """
}
