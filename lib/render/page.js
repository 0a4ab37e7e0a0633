'use strict';
(() => {
  // Everything from the traces becomes text nodes and properties, never markup.
  const traces = [...document.querySelectorAll('script.trace')].map((s) => JSON.parse(s.textContent));
  for (const trace of traces) trace.spans.forEach((span, at) => { span.exit = at + span.size; });
  const ERROR = 1, ORPHAN = 2, CYCLIC = 4, DUPLICATE = 8, OUTSIDE = 16, SHIFTED = 32;
  // What is wrong with the place of a span: the mark in its row, and what it means.
  const MARKS = [[ORPHAN, '\u2205', 'its parent is not in the input'], [CYCLIC, '\u21bb', 'in a cycle of parents'],
    [DUPLICATE, '=', 'its id was there before'], [OUTSIDE, '\u2194', 'reaches out of its parent'],
    [SHIFTED, '~', 'moved, for its clock was wrong']];
  const ROW = 22;
  // Characters that nobody sees, or that reorder what is beside them.
  const shown = (text) => String(text).replace(
    /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g,
    (c) => '\\u' + c.charCodeAt(0).toString(16).padStart(4, '0'));
  const make = (tag, className, text, parent) => {
    const node = document.createElement(tag);
    if (className) node.className = className;
    if (text !== undefined) node.textContent = shown(text);
    if (parent) parent.append(node);
    return node;
  };
  const duration = (ns) => {
    const size = Math.abs(ns);
    const unit = size < 1e3 ? ['ns', 1] : size < 1e6 ? ['\u00b5s', 1e3] : size < 1e9 ? ['ms', 1e6] : ['s', 1e9];
    return +(ns / unit[1]).toPrecision(4) + ' ' + unit[0];
  };

  const main = make('main', '', undefined, document.body);
  const header = make('header', '', undefined, main);
  const chooser = make('select', '', undefined, traces.length > 1 ? header : undefined);
  chooser.setAttribute('aria-label', 'trace');
  const title = make('h1', '', undefined, header);
  const facts = make('span', 'dim', undefined, header);
  const search = make('input', '', undefined, header);
  search.type = 'search';
  search.placeholder = 'search ( / )';
  search.setAttribute('aria-label', 'search spans');
  const hits = make('span', 'dim', undefined, header);
  hits.setAttribute('role', 'status');
  const axis = make('div', 'axis', undefined, main);
  make('div', '', 'arrows: move and fold \u00b7 Enter: details \u00b7 + \u2212 0: zoom \u00b7 n: next', axis);
  const ticks = make('div', 'ticks', undefined, axis);
  ticks.title = 'drag to zoom, double-click for all';
  const heads = make('div', 'numbers', undefined, axis);
  for (const head of ['duration', 'self', 'share']) make('span', '', head, heads);
  const scroll = make('div', 'scroll', undefined, main);
  scroll.tabIndex = 0;
  scroll.setAttribute('role', 'tree');
  scroll.setAttribute('aria-label', 'spans');
  const space = make('div', '', undefined, scroll);
  const below = make('div', 'below', undefined, main);
  const findings = make('div', 'findings', undefined, below);
  const details = make('div', 'details', undefined, below);

  let trace, spans, rowsShown, closed, found, picked, from, to;

  const list = () => {
    rowsShown = [];
    for (let i = 0; i < spans.length;) {
      rowsShown.push(i);
      i = closed.has(i) ? spans[i].exit : i + 1;
    }
    space.style.height = rowsShown.length * ROW + 'px';
    draw();
  };

  const place = (ns) => ((ns - from) / (to - from)) * 100;
  // From the start of the root.
  const after = (ns) => (ns < trace.root ? '' : '+') + duration(ns - trace.root);
  const bar = (parent, className, colour, start, end) => {
    const left = Math.max(place(start), 0), right = Math.min(place(end), 100);
    if (right < 0 || left > 100) {
      // It is beyond what is seen: an arrow points there.
      if (className !== 'part') make('span', 'beyond dim', right < 0 ? '\u2039' : '\u203a', parent).style[right < 0 ? 'left' : 'right'] = '2px';
      return;
    }
    const node = make('div', className + ' ' + colour, undefined, parent);
    node.style.left = left + '%';
    node.style.width = Math.max(right - left, 0) + '%';
  };

  const row = (at, y) => {
    const span = spans[at], node = make('div', 'row', undefined, undefined);
    node.style.top = y + 'px';
    node.classList.toggle('picked', at === picked);
    node.classList.toggle('found', found.has(at));
    node.setAttribute('role', 'treeitem');
    node.setAttribute('aria-level', span.depth + 1);
    node.setAttribute('aria-selected', at === picked);
    const name = make('div', 'name', undefined, node), colour = 's' + trace.colours[span.service];
    name.style.paddingLeft = 6 + Math.min(span.depth, 40) * 12 + 'px';
    const leaf = span.exit === at + 1;
    if (!leaf) node.setAttribute('aria-expanded', !closed.has(at));
    const toggle = make('span', 'toggle', leaf ? '' : closed.has(at) ? '\u25b8' : '\u25be', name);
    toggle.addEventListener('click', (event) => { event.stopPropagation(); fold(at); });
    if (span.parent < 0 || spans[span.parent].service !== span.service) {
      make('b', colour, trace.services[span.service], name);
      name.append(' ');
    }
    make('span', span.flags & ERROR ? 'bad' : '', span.name || '(no name)', name);
    if (!leaf && closed.has(at)) make('span', 'dim', ` +${span.exit - at - 1}`, name);
    if (span.flags & ERROR) make('span', 'bad', ' \u2717', name);
    for (const [flag, mark, text] of MARKS)
      if (span.flags & flag) make('span', 'mark dim', ' ' + mark, name).title = text;
    const bars = make('div', 'bars', undefined, node);
    bar(bars, 'bar', colour, span.start, span.start + span.duration);
    for (let i = 0; i < span.path.length; i += 2)
      bar(bars, 'part', colour, span.path[i], span.path[i + 1]);
    const numbers = make('div', 'numbers', undefined, node);
    make('span', '', duration(span.duration), numbers);
    make('span', '', duration(span.self), numbers);
    const share = trace.duration ? (100 * span.duration) / trace.duration : 0;
    make('span', '', share > 0 && share < 1 ? '<1%' : Math.round(share) + '%', numbers);
    node.addEventListener('click', () => pick(at, true));
    return node;
  };

  const draw = () => {
    const first = Math.max(Math.floor(scroll.scrollTop / ROW) - 5, 0);
    const last = Math.min(first + Math.ceil(scroll.clientHeight / ROW) + 10, rowsShown.length);
    const rows = [];
    for (let i = first; i < last; i++) rows.push(row(rowsShown[i], i * ROW));
    space.replaceChildren(...rows);
    ticks.replaceChildren();
    for (let i = 0; i < 5; i++)
      make('span', '', duration(from - trace.root + ((to - from) * i) / 5), ticks).style.left = i * 20 + '%';
  };

  const fold = (at) => {
    if (spans[at].exit === at + 1) return;
    if (!closed.delete(at)) closed.add(at);
    list();
  };

  const reveal = (at) => {
    for (let up = spans[at].parent; up >= 0; up = spans[up].parent) closed.delete(up);
    list();
    const y = rowsShown.indexOf(at) * ROW;
    if (y < scroll.scrollTop) scroll.scrollTop = y;
    if (y + ROW > scroll.scrollTop + scroll.clientHeight) scroll.scrollTop = y + ROW - scroll.clientHeight;
    draw();
  };

  const table = (rows, heading) => {
    if (!rows.length) return;
    make('h2', '', heading, details);
    const body = make('table', '', undefined, details);
    for (const [key, value] of rows) {
      const line = make('tr', '', undefined, body);
      make('td', '', key, line);
      make('td', '', typeof value === 'string' ? value : JSON.stringify(value), line);
    }
  };

  const pick = (at, open) => {
    picked = at;
    const span = spans[at];
    if (open || details.classList.contains('open')) {
      details.classList.add('open');
      details.replaceChildren();
      const notes = [[ERROR, '', 'error'], ...MARKS]
        .filter(([flag]) => span.flags & flag).map(([, , text]) => text).join('; ');
      table([['service', trace.services[span.service]], ['span id', span.id], ['parent', span.parent_id], ['kind', span.kind],
        ['start', after(span.start)], ['duration', duration(span.duration)], ['self', duration(span.self)],
        ['notes', notes], ['message', span.message]].filter(([, value]) => value), span.name || '(no name)');
      table(Object.entries(span.attributes), 'attributes');
      for (const event of span.events)
        table(Object.entries(event.attributes).concat([['at', after(event.at)]]), 'event ' + event.name);
      table(span.links.map((link) => ['trace ' + link.trace, 'span ' + link.span]), 'links');
      table(Object.entries(trace.resources[span.resource] || {}), 'resource');
    }
    reveal(at);
  };

  const zoom = (start, end) => {
    if (end - start < 1) return;
    from = start;
    to = end;
    draw();
  };
  const zoomBy = (factor) => {
    const middle = picked === undefined ? (from + to) / 2 : Math.min(Math.max(spans[picked].start, from), to);
    zoom(middle - (middle - from) * factor, middle + (to - middle) * factor);
  };
  const zoomAll = () => zoom(trace.from, Math.max(trace.to, trace.from + 1));

  const find = () => {
    const text = search.value.toLowerCase();
    found = new Set();
    if (text)
      spans.forEach((span, at) => {
        if (`${trace.services[span.service]} ${span.name} ${span.id} ${span.message} ${JSON.stringify(span.attributes)}`
          .toLowerCase().includes(text)) found.add(at);
      });
    hits.textContent = text ? `${found.size} found` : '';
    draw();
  };
  const next = () => {
    const all = [...found];
    if (all.length) pick(all.find((at) => at > (picked ?? -1)) ?? all[0], false);
  };

  const show = (index) => {
    trace = traces[index];
    spans = trace.spans;
    closed = new Set();
    found = new Set();
    picked = undefined;
    title.textContent = trace.title;
    document.title = trace.title;
    facts.textContent = trace.facts;
    details.classList.remove('open');
    findings.replaceChildren();
    for (const finding of trace.findings) {
      const line = make('p', '', undefined, findings);
      make('b', finding.severity, finding.kind, line);
      line.append(' ' + shown(finding.message));
      line.addEventListener('click', () => { if (finding.spans.length) pick(finding.spans[0], true); });
    }
    from = trace.from;
    to = Math.max(trace.to, trace.from + 1);
    scroll.scrollTop = 0;
    list();
  };

  traces.forEach((one, index) => { make('option', '', one.title, chooser).value = index; });
  chooser.addEventListener('change', () => show(+chooser.value));
  search.addEventListener('input', find);
  scroll.addEventListener('scroll', draw);
  window.addEventListener('resize', draw);
  // The marks under the pointer are drawn anew with each press, so there is no dblclick event.
  let lastUp = -Infinity;
  ticks.addEventListener('pointerdown', (event) => {
    const box = ticks.getBoundingClientRect(), range = make('span', 'range', '', ticks);
    const share = (x) => Math.min(Math.max((x - box.left) / box.width, 0), 1);
    const start = share(event.clientX);
    let end = start;
    ticks.setPointerCapture(event.pointerId);
    const move = (moved) => {
      end = share(moved.clientX);
      range.style.left = Math.min(start, end) * 100 + '%';
      range.style.width = Math.abs(end - start) * 100 + '%';
    };
    ticks.addEventListener('pointermove', move);
    ticks.addEventListener('pointerup', (up) => {
      ticks.removeEventListener('pointermove', move);
      const width = to - from, twice = up.timeStamp - lastUp < 400 && Math.abs(end - start) < 0.005;
      lastUp = up.timeStamp;
      if (twice) { zoomAll(); return; }
      if (Math.abs(end - start) > 0.005) zoom(from + Math.min(start, end) * width, from + Math.max(start, end) * width);
      else draw();
    }, { once: true });
  });
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target === search) {
      if (event.key === 'Enter') next();
      if (event.key === 'Escape') { search.value = ''; find(); scroll.focus(); }
      return;
    }
    const at = rowsShown.indexOf(picked ?? rowsShown[0]);
    const keys = {
      ArrowDown: () => pick(rowsShown[picked === undefined ? 0 : Math.min(at + 1, rowsShown.length - 1)], false),
      ArrowUp: () => pick(rowsShown[Math.max(at - 1, 0)], false),
      ArrowLeft: () => { if (spans[rowsShown[at]].exit > rowsShown[at] + 1 && !closed.has(rowsShown[at])) fold(rowsShown[at]);
        else if (spans[rowsShown[at]].parent >= 0) pick(spans[rowsShown[at]].parent, false); },
      ArrowRight: () => { if (closed.has(rowsShown[at])) fold(rowsShown[at]); },
      Enter: () => pick(rowsShown[at], true),
      Escape: () => { details.classList.remove('open'); draw(); },
      '/': () => search.focus(),
      n: next,
      '+': () => zoomBy(0.5),
      '-': () => zoomBy(2),
      0: zoomAll,
    };
    if (!keys[event.key]) return;
    event.preventDefault();
    keys[event.key]();
  });
  if (traces.length) show(0);
  else title.textContent = 'no trace';
  scroll.focus();
})();
