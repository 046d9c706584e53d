/// The page's own script: reads the numbers in `#data` and draws them with whichever library is there.
enum ChartScript {
    static let all = "'use strict';(() => {\n" + numbers + colours + bars + stack + long + start + "})();\n"

    private static let numbers = """
        const data = JSON.parse(document.getElementById('data').textContent);
        const unpack = series => {
          const out = new Array(data.count);
          let last = 0;
          series.differences.split(',').forEach((text, i) => {
            if (text === 'x') { out[i] = null; return; }
            last += Number(text);
            out[i] = last / series.scale;
          });
          return out;
        };
        const cache = new Map();
        const values = series => {
          if (!cache.has(series)) cache.set(series, unpack(series));
          return cache.get(series);
        };
        // The local clock of a step, told as if it were UTC: charts then need no time zone.
        const clock = step => {
          let offset = 0;
          for (const change of data.offsets) { if (change.at <= step) offset = change.offset; }
          return new Date((data.start + step * data.step + offset) * 1000);
        };
        const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
        const two = n => String(n).padStart(2, '0');
        const dayText = d => days[d.getUTCDay()] + ' ' + d.toISOString().slice(0, 10);
        const timeText = d => dayText(d) + ' ' + two(d.getUTCHours()) + ':' + two(d.getUTCMinutes());
        const number = (v, digits) => v === null || v === undefined ? '–' :
          v.toLocaleString('en-US', {minimumFractionDigits: digits, maximumFractionDigits: digits});
        const element = id => document.getElementById(id);

        """

    private static let colours = """
        const colour = name => getComputedStyle(document.documentElement)
          .getPropertyValue('--' + name).trim();
        const clear = (name, alpha) => {
          const hex = colour(name).replace('#', '');
          return 'rgba(' + [0, 2, 4].map(i => parseInt(hex.slice(i, i + 2), 16)).join(',')
            + ',' + alpha + ')';
        };
        const titles = {solar: 'Sun', wind: 'Wind', hydro: 'Water', genset: 'Genset',
          battery: 'Battery discharge',
          grid: 'Import', load: 'Load', charge: 'Battery charge', export: 'Export', losses: 'Losses'};
        const canvas = id => {
          const box = element(id);
          box.textContent = '';
          box.classList.add('on');
          return box.appendChild(document.createElement('canvas'));
        };
        const drawn = new Map();
        const draw = (id, config) => {
          if (!window.Chart) return;
          if (drawn.has(id)) drawn.get(id).destroy();
          const text = colour('soft'), line = colour('line');
          const axis = extra => Object.assign({grid: {color: line, borderColor: line, tickLength: 4},
            ticks: {color: text, maxRotation: 0, autoSkipPadding: 16}, title: {display: false, color: text}},
              extra);
          config.options = Object.assign({animation: false, responsive: true, maintainAspectRatio: false,
            interaction: {mode: 'index', intersect: false}}, config.options);
          config.options.scales = {x: axis(config.options.x), y: axis(config.options.y)};
          config.options.plugins = Object.assign({legend: {position: 'bottom', labels: {color: text,
            boxWidth: 12,
            boxHeight: 12, padding: 14}}}, config.options.plugins);
          config.options.plugins.tooltip = Object.assign({callbacks: {label: item =>
            ' ' + item.dataset.label + '  ' + number(item.parsed.y, config.digits) + ' ' + config.unit}},
            config.options.plugins.tooltip);
          Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
          drawn.set(id, new Chart(canvas(id), config));
        };
        const yTitle = text => ({title: {display: true, text, color: colour('soft')}});

        """

    private static let bars = """
        const drawMonths = () => {
          const order = ['hydro', 'solar', 'wind', 'genset', 'battery', 'grid', 'load', 'charge', 'export',
            'losses'];
          draw('months', {type: 'bar', unit: 'MWh', digits: 1,
            data: {labels: data.months,
              datasets: order.filter(k => data.energy[k]).map(k => ({label: titles[k],
              data: data.energy[k], backgroundColor: k === 'load' ? clear('load', 0.75) : colour(k),
                stack: 'all',
              maxBarThickness: 46, borderWidth: 0}))},
            options: {x: {stacked: true, grid: {display: false}},
              y: Object.assign({stacked: true}, yTitle('MWh'))}});
        };
        const drawDuration = () => {
          const points = list => list.map((y, i) => ({x: i * 100 / (list.length - 1), y}));
          const line = (label, list, name) => ({label, data: points(list), borderColor: colour(name),
            borderWidth: 2,
            pointRadius: 0, backgroundColor: clear(name, 0.12), fill: 'origin'});
          draw('duration', {type: 'line', unit: 'kW', digits: 0,
            data: {datasets: [line('Demand', data.durationDemand, 'load'),
              line('Net load', data.durationNet, 'accent')]},
            options: {x: {type: 'linear', min: 0, max: 100, ticks: {color: colour('soft'),
              callback: v => v + ' %'}},
              y: yTitle('kW'), plugins: {tooltip: {callbacks: {
                title: items => number(items[0].parsed.x, 1) + ' % of the time',
                label: item => ' ' + item.dataset.label + '  at least ' + number(item.parsed.y, 0)
                  + ' kW'}}}}});
        };

        """

    private static let stack = """
        const week = {first: 0, count: data.count};
        const drawStack = () => {
          const cut = (series, keep) => values(series).slice(week.first, week.first + week.count).map(keep);
          const labels = Array.from({length: week.count}, (_, i) => clock(week.first + i));
          const area = (key, series, keep, name, pile) => ({label: titles[key], data: cut(series, keep),
            stack: pile,
            borderWidth: 0, pointRadius: 0, backgroundColor: colour(name), fill: true, stepped: 'before',
              order: 2});
          const up = v => Math.max(0, v), down = v => Math.min(0, v);
          const sets = [];
          for (const key of ['hydro', 'solar', 'wind', 'genset', 'battery', 'grid']) {
            if (data.powers[key]) sets.push(area(key, data.powers[key], up, key, 'up'));
          }
          if (data.powers.battery) sets.push(area('charge', data.powers.battery, down, 'charge', 'down'));
          if (data.powers.grid) sets.push(area('export', data.powers.grid, down, 'export', 'down'));
          const shown = sets.filter(set => set.data.some(v => v !== 0));
          shown.unshift({label: titles.load, data: cut(data.demand, v => v), stack: 'load',
            borderColor: colour('load'),
            borderWidth: 1.6, pointRadius: 0, fill: false, order: 1});
          draw('stack', {type: 'line', unit: 'kW', digits: 0, data: {labels, datasets: shown},
            options: {x: {grid: {display: false}, ticks: {color: colour('soft'), maxRotation: 0,
              autoSkip: false,
                callback: (_, i) => labels[i].getUTCHours() === 0 && labels[i].getUTCMinutes() === 0 ?
                  days[labels[i].getUTCDay()] + ' ' + labels[i].getUTCDate() : null}},
              y: Object.assign({stacked: true}, yTitle('kW')),
              plugins: {tooltip: {callbacks: {title: items => timeText(labels[items[0].dataIndex]),
                label: item => ' ' + item.dataset.label + '  ' + number(item.raw, 0) + ' kW'}}}}});
          element('week-label').textContent = dayText(clock(week.first)) + ' to ' +
            dayText(clock(week.first + week.count - 1));
        };
        const setUpWeeks = () => {
          const choice = element('week');
          data.weeks.forEach((w, i) => choice.add(new Option(w.title, i)));
          const take = () => { Object.assign(week, data.weeks[choice.value]); drawStack(); };
          const move = by => {
            week.first = Math.max(0, Math.min(data.count - week.count, week.first + by * week.count));
            drawStack();
          };
          choice.addEventListener('change', take);
          element('week-back').addEventListener('click', () => move(-1));
          element('week-on').addEventListener('click', () => move(1));
          Object.assign(week, data.weeks[0]);
        };

        """

    private static let long = """
        const graphs = new Map();
        const drawLong = (id, labels, columns, options) => {
          if (!window.Dygraph || !element(id)) return;
          if (graphs.has(id)) graphs.get(id).destroy();
          element(id).classList.add('on');
          const every = options.every || 1;
          const rows = Array.from({length: columns[0].length}, (_, i) => [clock(i * every),
            ...columns.map(c => c[i])]);
          const digits = options.digits, unit = options.unit;
          for (const own of ['digits', 'unit', 'every']) delete options[own];
          const told = every > 1 ? dayText : timeText;
          const hint = 'Point at the chart to read it; move the handles below it to choose a span.';
          const named = found => found.series.map(s => '<b style="color:' + s.color + '">'
            + s.labelHTML + '</b>').join(' · ');
          const legend = found => found.x === undefined ? named(found) + ' · ' + hint
            : told(new Date(found.x)) + ' · ' + found.series
            .filter(s => s.y !== undefined && s.y !== null)
            .map(s => '<b style="color:' + s.color + '">' + s.labelHTML + '</b> '
              + number(s.y, digits) + ' ' + unit).join(' · ');
          graphs.set(id, new Dygraph(element(id), rows, Object.assign({labels: ['Time', ...labels],
            labelsUTC: true,
            labelsDiv: element(id + '-legend'), legend: 'always', legendFormatter: legend, ylabel: unit,
            showRangeSelector: true, rangeSelectorHeight: 34,
            rangeSelectorAlpha: matchMedia('(prefers-color-scheme: dark)').matches ? 0.1 : 0.6,
              rangeSelectorPlotStrokeColor: colour('grid'),
            rangeSelectorPlotFillColor: colour('faint'), rangeSelectorBackgroundStrokeColor: colour('line'),
            rangeSelectorForegroundStrokeColor: colour('soft'), axisLineColor: colour('line'),
            gridLineColor: colour('line'), gridLineWidth: 0.6, strokeWidth: 1.2, axisLabelFontSize: 12,
            axes: {y: {axisLabelWidth: 54}}, highlightCircleSize: 3, connectSeparatedPoints: false},
              options)));
        };
        // A label goes into the legend as HTML: names of devices are escaped on the way.
        const plain = name => { const box = document.createElement('i'); box.textContent = name;
          return box.innerHTML; };
        // Two weeks from the first chosen one on: a whole year of daily cycles would be a solid block.
        const span = () => [clock(data.weeks[0].first).getTime(),
          Math.min(clock(data.weeks[0].first).getTime() + 14 * 864e5, clock(data.count - 1).getTime())];
        // More than two months are told by the day: its lowest, its mean, its highest.
        const bands = () => {
          const [low, mean, high] = data.voltage.map(values);
          const every = data.count * data.step > 60 * 86400 ? Math.round(86400 / data.step) : 1;
          const band = [];
          for (let i = 0; i < data.count; i += every) {
            const live = [];
            for (let j = i; j < Math.min(i + every, data.count); j++) { if (low[j] !== null) live.push(j); }
            band.push(live.length ? [Math.min(...live.map(j => low[j])),
              live.reduce((sum, j) => sum + mean[j], 0) / live.length, Math.max(...live.map(j => high[j]))] :
              [null, null, null]);
          }
          return {band, every};
        };
        const drawVoltage = () => {
          const {band, every} = bands();
          const known = band.filter(b => b[0] !== null);
          drawLong('voltage-band', ['Mean'], [band], {customBars: true, colors: [colour('accent')],
            unit: 'pu',
            digits: 4, fillAlpha: 0.25, every,
            underlayCallback: (context, area, graph) => {
              context.save();
              context.setLineDash([5, 4]);
              context.strokeStyle = colour('bad');
              for (const limit of data.limits) {
                const y = graph.toDomYCoord(limit);
                context.beginPath();
                context.moveTo(area.x, y);
                context.lineTo(area.x + area.w, y);
                context.stroke();
              }
              context.restore();
            },
            valueRange: [Math.min(data.limits[0], ...known.map(b => b[0])) - 0.01,
              Math.max(data.limits[1], ...known.map(b => b[2])) + 0.01]});
        };
        const drawPhases = () => {
          drawLong('phase-voltage', ['a, lowest', 'a, highest', 'b, lowest', 'b, highest', 'c, lowest',
            'c, highest'], data.phaseVoltage.map(values), {unit: 'pu', digits: 4, dateWindow: span(),
            colors: ['solar', 'solar', 'battery', 'battery', 'genset', 'genset'].map(colour)});
          drawLong('unbalance', ['Largest unbalance'], data.unbalance.map(values), {unit: '%', digits: 2,
            dateWindow: span(), colors: [colour('accent')]});
        };
        const marginal = data.areaPrices.length ? data.areaPrices
          : [{name: 'Marginal', series: data.marginalPrice}];
        const drawPrice = () => drawLong('price', ['Import', ...marginal.map(a => plain(a.name))],
          [values(data.importPrice), ...marginal.map(a => values(a.series))],
          {colors: ['grid', 'accent', 'battery', 'hydro', 'solar', 'wind', 'genset'].map(colour),
            unit: 'yuan/kWh', digits: 3, stepPlot: true, dateWindow: span()});
        const drawCharge = () => drawLong('charge', data.stateOfCharge.map(b => plain(b.name)),
          data.stateOfCharge.map(b => values(b.series)), {unit: '%', digits: 1, valueRange: [0, 100],
            dateWindow: span(),
          colors: ['battery', 'hydro', 'solar', 'wind', 'genset'].map(colour)});

        """

    private static let start = """
        const drawAll = () => {
          drawMonths();
          drawStack();
          drawDuration();
          drawVoltage();
          drawPrice();
          if (data.phaseVoltage.length) drawPhases();
          if (data.stateOfCharge.length) drawCharge();
        };
        setUpWeeks();
        element('week-controls').hidden = !window.Chart;
        drawAll();
        matchMedia('(prefers-color-scheme: dark)').addEventListener('change', drawAll);

        """
}
