/// What the report does: it draws the time line, fills and sorts the tables, and leads the video.
enum ReportScript {
  static let text = #"""
    "use strict";
    const data = JSON.parse(document.getElementById("data").textContent);
    const $ = id => document.getElementById(id);
    const make = (name, text, more) => Object.assign(document.createElement(name), text == null ? {} : { textContent: text }, more);
    const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const levels = new Float32Array(128).fill(-1);
    [...digits].forEach((digit, index) => levels[digit.charCodeAt(0)] = index / 63);
    const none = { name: data.classified ? "no expression" : "in view", color: "#999999" };
    const classOf = index => data.classes[index] || none;
    function clock(seconds) {
      const tenths = Math.max(0, Math.round(seconds * 10)), two = n => String(n).padStart(2, "0");
      const hours = Math.floor(tenths / 36000), rest = two(Math.floor(tenths / 600) % 60) + ":" + two(Math.floor(tenths / 10) % 60);
      return (hours ? hours + ":" : "") + rest + "." + tenths % 10;
    }
    const percent = share => (100 * share).toFixed(share > 0 && share < 0.1 ? 1 : 0) + " %";
    const swatch = entry => { const i = make("i"); i.style.background = entry.color; i.setAttribute("aria-hidden", "true"); return i; };
    const named = entry => { const span = make("span", entry.name); span.className = "name"; return span; };

    // Runs as objects, by person; times are whole milliseconds in the data.
    const runs = [];
    for (const person of data.persons) {
      person.runs = [];
      person.shares = new Map();
      let time = 0;
      for (let k = 0; k < person.r.length; k += 4) {
        const start = time + person.r[k], end = start + person.r[k + 1];
        time = end;
        const run = { person, start: start / 1000, end: end / 1000, length: (end - start) / 1000, index: person.r[k + 2],
          confidence: person.r[k + 3] < 0 ? null : person.r[k + 3] / 1000 };
        person.runs.push(run);
        person.shares.set(run.index, (person.shares.get(run.index) || 0) + run.length);
        if (run.index >= 0 || !data.classified) runs.push(run);
      }
      const total = [...person.shares.values()].reduce((sum, value) => sum + value, 0);
      person.share = [...person.shares].sort((a, b) => b[1] - a[1]).map(([index, value]) => ({ index, share: total ? value / total : 0 }));
      let changes = 0;
      for (let k = 1; k < person.runs.length; k++) {
        const [a, b] = [person.runs[k - 1], person.runs[k]];
        if (a.index >= 0 && b.index >= 0 && a.index !== b.index && b.start - a.end < 0.002) changes++;
      }
      person.changes = person.seconds > 0 ? changes / person.seconds * 60 : 0;
      person.most = person.share.length ? classOf(person.share[0].index).name : "";
    }

    // The time line.
    const whole = { start: data.start, end: Math.max(data.end, data.start + 0.001) };
    let view = { ...whole }, cursor = whole.start, chosen = -1;
    const video = document.querySelector("video");
    const lanes = [];
    const zone = $("timeline");
    data.persons.forEach((person, place) => {
      const lane = make("div"), label = make("span"), canvas = make("canvas");
      lane.className = "lane";
      if (person.thumb) label.append(make("img", null, { src: person.thumb, alt: "" }));
      label.append(make("span", String(person.number)));
      label.title = "person " + person.number;
      label.lastChild.style.cssText = "width:auto;padding:0;background:none";
      canvas.setAttribute("role", "img");
      canvas.setAttribute("aria-label", "Person " + person.number + ": " + person.share.slice(0, 4)
        .map(part => classOf(part.index).name + " " + percent(part.share)).join(", "));
      lane.append(label, canvas);
      $("lanes").append(lane);
      lanes.push({ person, canvas, place });
    });
    const axis = $("axis").querySelector("canvas");
    const color = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
    function prepared(canvas) {
      const ratio = Math.min(window.devicePixelRatio || 1, 3), width = canvas.clientWidth, height = canvas.clientHeight;
      if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
        canvas.width = Math.round(width * ratio);
        canvas.height = Math.round(height * ratio);
      }
      const context = canvas.getContext("2d");
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
      context.clearRect(0, 0, width, height);
      return { context, width, height };
    }
    const place = (time, width) => (time - view.start) / (view.end - view.start) * width;
    function firstRun(list, time) {
      let low = 0, high = list.length;
      while (low < high) { const middle = (low + high) >> 1; if (list[middle].end <= time) low = middle + 1; else high = middle; }
      return low;
    }
    function drawLane(lane) {
      const { context, width, height } = prepared(lane.canvas), { person } = lane;
      const rim = color("--soft"), scale = width / (view.end - view.start);
      for (let k = firstRun(person.runs, view.start); k < person.runs.length && person.runs[k].start < view.end; k++) {
        const run = person.runs[k], entry = classOf(run.index);
        const left = Math.max(place(run.start, width), 0), right = Math.min(place(run.end, width), width);
        const size = Math.max(right - left, 0.6);
        context.fillStyle = entry.color;
        context.globalAlpha = 0.28;
        context.fillRect(left, 2, size, height - 4);
        context.globalAlpha = 1;
        const top = value => Math.max(3, value * (height - 4));
        const from = Math.max(run.start, view.start), to = Math.min(run.end, view.end);
        if (data.width * scale < 0.75 || size < 2 || !person.b) {
          const value = run.confidence == null ? 1 : run.confidence;
          context.fillRect(left, height - 2 - top(value), size, top(value));
        } else {
          const first = Math.floor((from - whole.start) / data.width + 1e-6), last = Math.floor((to - whole.start - 1e-9) / data.width);
          for (let bin = first; bin <= last; bin++) {
            let value = levels[person.b.charCodeAt(bin - person.f)];
            if (!(value >= 0)) value = run.confidence == null ? 1 : run.confidence;
            const a = Math.max(from, whole.start + bin * data.width), b = Math.min(to, whole.start + (bin + 1) * data.width);
            const x = place(a, width);
            context.fillRect(x, height - 2 - top(value), Math.max(place(b, width) - x + 0.3, 0.5), top(value));
          }
        }
        if (entry.color === "#000000") {
          context.strokeStyle = rim;
          context.strokeRect(left + 0.5, 2.5, Math.max(size - 1, 0.5), height - 5);
        }
      }
      drawCursor(context, width, height);
    }
    function drawCursor(context, width, height) {
      const x = place(cursor, width);
      if (x < 0 || x > width) return;
      context.strokeStyle = color("--cursor");
      context.lineWidth = 2;
      context.beginPath();
      context.moveTo(x, 0);
      context.lineTo(x, height);
      context.stroke();
      context.lineWidth = 1;
    }
    function drawAxis() {
      const { context, width, height } = prepared(axis);
      const steps = [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400];
      const wanted = (view.end - view.start) / Math.max(2, width / 90);
      const step = steps.find(value => value >= wanted) || Math.ceil(wanted / 14400) * 14400;
      context.fillStyle = color("--soft");
      context.font = "12px system-ui, sans-serif";
      context.textAlign = "center";
      for (let time = Math.ceil(view.start / step) * step; time <= view.end; time += step) {
        const x = place(time, width);
        context.fillRect(x, 0, 1, 5);
        const text = step < 1 ? clock(time) : clock(time).replace(/\.\d$/, "");
        const half = context.measureText(text).width / 2;
        if (x - half >= 0 && x + half <= width) context.fillText(text, x, 18);
      }
      drawCursor(context, width, height);
    }
    let isWaiting = false;
    function draw() {
      if (isWaiting) return;
      isWaiting = true;
      requestAnimationFrame(() => { isWaiting = false; drawNow(); });
    }
    function drawNow() {
      const box = $("lanes").getBoundingClientRect();
      for (const lane of lanes) {
        const own = lane.canvas.getBoundingClientRect();
        // Lanes out of sight are drawn when they come into it, or when the page is printed.
        if (isPrinting || own.bottom >= box.top - 200 && own.top <= box.bottom + 200) drawLane(lane);
      }
      drawAxis();
    }
    let isPrinting = false;
    // Paper has no pages to turn: it gets all rows.
    const tables = [];
    addEventListener("beforeprint", () => { isPrinting = true; tables.forEach(fill => fill()); drawNow(); });
    addEventListener("afterprint", () => { isPrinting = false; tables.forEach(fill => fill()); draw(); });

    function readout(says) {
      const parts = [];
      for (const person of data.persons) {
        const run = person.runs[firstRun(person.runs, cursor)];
        if (run && run.start <= cursor + 1e-6) {
          parts.push("person " + person.number + ": " + classOf(run.index).name
            + (run.confidence == null ? "" : " " + percent(run.confidence)));
        }
        if (parts.length > 5) break;
      }
      $("readout").textContent = clock(cursor) + (parts.length ? " – " + parts.join("; ") : " – nobody");
      zone.setAttribute("aria-valuenow", cursor.toFixed(2));
      if (says) zone.setAttribute("aria-valuetext", $("readout").textContent);
    }
    function go(time, seeks) {
      cursor = Math.min(Math.max(time, whole.start), whole.end);
      const length = view.end - view.start;
      if (cursor < view.start || cursor > view.end) {
        const start = Math.min(Math.max(cursor - length / 2, whole.start), whole.end - length);
        view = { start, end: start + length };
      }
      if (seeks && video) video.currentTime = cursor;
      readout(true);
      draw();
      buttons();
    }
    function zoom(factor, around) {
      const least = Math.min(0.5, whole.end - whole.start);
      const length = Math.min(Math.max((view.end - view.start) * factor, least), whole.end - whole.start);
      const share = (around - view.start) / (view.end - view.start);
      const start = Math.min(Math.max(around - share * length, whole.start), whole.end - length);
      view = { start, end: start + length };
      draw();
      buttons();
    }
    function pan(share) {
      const length = view.end - view.start;
      const start = Math.min(Math.max(view.start + share * length, whole.start), whole.end - length);
      view = { start, end: start + length };
      draw();
      buttons();
    }
    function buttons() {
      const isWhole = view.end - view.start >= whole.end - whole.start - 1e-9;
      $("out").disabled = $("all").disabled = isWhole;
      $("left").disabled = view.start <= whole.start + 1e-9;
      $("right").disabled = view.end >= whole.end - 1e-9;
    }
    function timeAt(event) {
      const box = axis.getBoundingClientRect();
      return view.start + Math.min(Math.max((event.clientX - box.left) / box.width, 0), 1) * (view.end - view.start);
    }
    let isDragging = false;
    zone.addEventListener("pointerdown", event => { isDragging = true; go(timeAt(event), true); });
    addEventListener("pointermove", event => { if (isDragging) go(timeAt(event), true); });
    addEventListener("pointerup", () => isDragging = false);
    addEventListener("pointercancel", () => isDragging = false);
    zone.addEventListener("wheel", event => {
      if (!event.ctrlKey && !event.altKey) return;
      event.preventDefault();
      zoom(event.deltaY > 0 ? 1.25 : 0.8, timeAt(event));
    }, { passive: false });
    zone.addEventListener("keydown", event => {
      const step = data.frame > 0 ? data.frame : 0.04, page = (view.end - view.start) / 10;
      const moves = { ArrowLeft: () => go(cursor - (event.shiftKey ? page : step), true),
        ArrowRight: () => go(cursor + (event.shiftKey ? page : step), true), PageUp: () => go(cursor - page, true),
        PageDown: () => go(cursor + page, true), Home: () => go(whole.start, true), End: () => go(whole.end, true),
        "+": () => zoom(0.5, cursor), "=": () => zoom(0.5, cursor), "-": () => zoom(2, cursor), "0": () => { view = { ...whole }; draw(); buttons(); },
        Enter: () => video && (video.paused ? video.play() : video.pause()),
        " ": () => video && (video.paused ? video.play() : video.pause()) };
      if (event.ctrlKey || event.metaKey || !moves[event.key]) return;
      event.preventDefault();
      moves[event.key]();
    });
    $("in").onclick = () => zoom(0.5, cursor);
    $("out").onclick = () => zoom(2, cursor);
    $("all").onclick = () => { view = { ...whole }; draw(); buttons(); };
    $("left").onclick = () => pan(-0.5);
    $("right").onclick = () => pan(0.5);
    if (video) video.addEventListener("timeupdate", () => { if (!isDragging) go(video.currentTime, false); });

    // Tables.
    const seen = new Set(runs.map(run => run.index));
    for (const index of [...seen].sort((a, b) => a - b)) {
      const item = make("li");
      item.append(swatch(classOf(index)), named(classOf(index)));
      $("legend").append(item);
    }
    function table(id, columns, rows, size) {
      const head = $(id).tHead.insertRow(), body = $(id).tBodies[0];
      let order = { column: -1, isUp: true }, from = 0, sorted = rows;
      const bar = $(id + "-pages");
      columns.forEach((column, number) => {
        const cell = make("th", null, { scope: "col", className: (column.isNumber ? "number " : "") + (column.isWide ? "wide" : "") });
        if (!column.value) cell.textContent = column.title;
        else {
          const button = make("button", column.title, { type: "button" });
          button.onclick = () => {
            order = { column: number, isUp: order.column === number ? !order.isUp : !column.isNumber };
            const key = column.value, sign = order.isUp ? 1 : -1;
            sorted = [...rows].sort((a, b) => { const [x, y] = [key(a), key(b)];
              return sign * (typeof x === "string" ? x.localeCompare(y) : (x == null ? -1 : x) - (y == null ? -1 : y)); });
            [...head.cells].forEach((other, place) => place === number
              ? other.setAttribute("aria-sort", order.isUp ? "ascending" : "descending") : other.removeAttribute("aria-sort"));
            from = 0;
            fill();
          };
          cell.append(button);
        }
        head.append(cell);
      });
      function fill() {
        body.replaceChildren();
        for (const row of isPrinting ? sorted : sorted.slice(from, from + size)) {
          const line = body.insertRow();
          for (const column of columns) {
            const cell = line.insertCell();
            cell.className = (column.isNumber ? "number " : "") + (column.isWide ? "wide " : "") + (column.kind || "");
            const content = column.content(row);
            if (Array.isArray(content)) cell.append(...content); else cell.append(content);
          }
        }
        if (!bar) return;
        bar.hidden = isPrinting || rows.length <= size;
        const [back, text, next] = bar.children;
        text.textContent = (from + 1) + "–" + Math.min(from + size, rows.length) + " of " + rows.length;
        back.disabled = from === 0;
        next.disabled = from + size >= rows.length;
        back.onclick = () => { from = Math.max(0, from - size); fill(); };
        next.onclick = () => { from += size; fill(); };
      }
      fill();
      tables.push(fill);
    }
    const jump = (time, text) => make("button", text, { type: "button", onclick: () => { go(time, true); zone.scrollIntoView({ block: "nearest" }); } });
    const peopleColumns = [
      { title: "Person", value: p => p.number, isNumber: true, content: p => String(p.number) },
      { title: "First seen", value: p => p.first, isNumber: true, kind: "link", content: p => jump(p.first, clock(p.first)) },
      { title: "Last seen", value: p => p.last, isNumber: true, isWide: true, content: p => clock(p.last) },
      { title: "Seconds in view", value: p => p.seconds, isNumber: true, content: p => p.seconds.toFixed(1) },
      { title: "Frames", value: p => p.frames, isNumber: true, isWide: true, content: p => String(p.frames) },
    ];
    if (data.persons.some(person => person.thumb)) {
      peopleColumns.unshift({ title: "Face", content: p => p.thumb ? make("img", null, { src: p.thumb, alt: "Person " + p.number }) : "" });
    }
    if (data.classified) {
      peopleColumns.push(
        { title: "Changes a minute", value: p => p.changes, isNumber: true, content: p => p.changes.toFixed(1) },
        { title: "Mostly", value: p => p.most, content: p => p.share.length ? [swatch(classOf(p.share[0].index)), named({ name: p.most + " " }), percent(p.share[0].share)] : "" },
        { title: "Shares", content: p => {
          const bar = make("div"), text = p.share.map(part => classOf(part.index).name + " " + percent(part.share)).join(", ");
          bar.className = "shares";
          bar.title = text;
          bar.setAttribute("role", "img");
          bar.setAttribute("aria-label", text);
          for (const part of p.share) {
            const piece = make("div");
            piece.style.cssText = "flex:" + part.share + " 0 0;background:" + classOf(part.index).color;
            bar.append(piece);
          }
          return bar;
        } });
    }
    table("people", peopleColumns, data.persons, 100);
    runs.sort((a, b) => a.start - b.start || a.person.number - b.person.number);
    const runColumns = [
      { title: "Start", value: r => r.start, isNumber: true, kind: "link", content: r => jump(r.start, clock(r.start)) },
      { title: "Seconds", value: r => r.length, isNumber: true, content: r => r.length.toFixed(2) },
      { title: "Person", value: r => r.person.number, isNumber: true, content: r => String(r.person.number) },
    ];
    if (data.classified) {
      runColumns.push({ title: "Expression", value: r => classOf(r.index).name, content: r => [swatch(classOf(r.index)), named(classOf(r.index))] },
        { title: "Probability", value: r => r.confidence, isNumber: true, content: r => r.confidence == null ? "" : percent(r.confidence) });
    }
    table("runs", runColumns, runs, 100);
    if (!data.persons.length) for (const id of ["time", "who", "what"]) $(id).hidden = true;
    else {
      readout(false);
      buttons();
      drawNow();
      $("lanes").addEventListener("scroll", draw);
      new ResizeObserver(draw).observe(zone);
      matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
    }
    """#
}
