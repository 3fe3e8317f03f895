// Keeps a leaderboard live: <table data-leaderboard="3"> with a <template data-row> for songs that come in, and a
// place [data-live] that says whether it is. Text only ever enters as text.

const watched = new WeakSet();
const still = matchMedia('(prefers-reduced-motion: reduce)');

export function start(root) {
  for (const board of root.querySelectorAll('[data-leaderboard]')) {
    if (watched.has(board)) continue;
    watched.add(board);
    watch(board);
  }
}

function watch(board) {
  const scope = board.closest('[data-leaderboard-scope]') ?? document;
  const address = `/api/v1/contests/${encodeURIComponent(board.dataset.leaderboard)}/leaderboard/stream`;
  let stream;
  let wait = 1000;
  let timer;

  const connect = () => {
    clearTimeout(timer);
    stream = new EventSource(address);
    stream.addEventListener('open', () => {
      wait = 1000;
      state(scope, 'live', 'Live');
    });
    stream.addEventListener('leaderboard', (event) => {
      state(scope, 'live', 'Live');
      show(board, scope, JSON.parse(event.data));
    });
    stream.addEventListener('error', () => {
      state(scope, 'reconnecting', 'Reconnecting …');
      // The browser retries by itself unless the server refused; then it is up to us, ever more slowly.
      if (stream.readyState !== EventSource.CLOSED) return;
      timer = setTimeout(connect, wait);
      wait = Math.min(wait * 2, 60_000);
    });
  };

  window.addEventListener('pagehide', () => {
    clearTimeout(timer);
    stream?.close();
  });
  window.addEventListener('pageshow', (event) => event.persisted && connect());
  connect();
}

function state(scope, name, words) {
  const place = scope.querySelector('[data-live]');
  if (!place || place.dataset.state === name) return;
  place.hidden = false;
  place.dataset.state = name;
  place.textContent = words;
}

function show(board, scope, data) {
  if (!Array.isArray(data.entries)) return;
  const body = board.tBodies[0];
  const hidden = data.counts_hidden === true;
  const limit = Number(board.dataset.limit) || data.entries.length;
  const entries = data.entries.slice(0, limit);
  const most = Math.max(1, ...entries.map((entry) => entry.votes ?? 0));
  const rows = new Map([...body.rows].map((row) => [row.dataset.song, row]));
  const before = new Map([...rows].map(([song, row]) => [song, row.getBoundingClientRect().top]));
  const focused = document.activeElement;

  const next = entries.map((entry) => {
    const song = String(entry.song_id);
    const row = rows.get(song) ?? newRow(board, song);
    fill(row, entry, hidden, most);
    return row;
  });
  // Rows that stay in place are not touched: moving one would drop its focus.
  for (const row of [...body.rows]) if (!next.includes(row)) row.remove();
  next.forEach((row, at) => {
    if (body.rows[at] !== row) body.insertBefore(row, body.rows[at] ?? null);
  });
  if (focused !== document.activeElement && body.contains(focused)) focused.focus({ preventScroll: true });

  const total = scope.querySelector('[data-total]');
  if (total) total.textContent = hidden || data.total_votes == null ? '–' : data.total_votes.toLocaleString('en-GB');
  const asOf = scope.querySelector('[data-as-of]');
  if (asOf && data.as_of) {
    asOf.dateTime = data.as_of;
    asOf.textContent = moment(data.as_of, asOf.dataset.zone);
  }
  move(next, before);
}

// In the contest's time zone, as the page has it: 27 November, 06:26:16
function moment(instant, timeZone) {
  const form = { day: 'numeric', month: 'long', hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23', timeZone };
  const parts = new Intl.DateTimeFormat('en-GB', form).formatToParts(new Date(instant));
  const { day, month, hour, minute, second } = Object.fromEntries(parts.map((part) => [part.type, part.value]));
  return `${day} ${month}, ${hour}:${minute}:${second}`;
}

function newRow(board, song) {
  const row = board.querySelector('template[data-row]').content.firstElementChild.cloneNode(true);
  row.dataset.song = song;
  row.querySelector('[data-title]').setAttribute('href', `/songs/${encodeURIComponent(song)}`);
  row.querySelector('[data-cover] use, use[data-cover]')?.setAttribute('href', `/img/covers.svg#cover-${Number(song) % 24}`);
  return row;
}

function fill(row, entry, hidden, most) {
  const rank = hidden || entry.rank == null ? '' : String(entry.rank);
  row.classList.toggle('has-moved', row.dataset.rank !== undefined && Number(rank) < Number(row.dataset.rank));
  row.dataset.rank = rank;
  text(row, '[data-rank-cell]', rank || '–');
  text(row, '[data-title]', entry.title);
  text(row, '[data-artist]', entry.artist_name);
  text(row, '[data-votes]', hidden || entry.votes == null ? '–' : entry.votes.toLocaleString('en-GB'));
  const share = row.querySelector('meter');
  if (share) {
    share.hidden = hidden;
    share.max = most;
    share.value = entry.votes ?? 0;
  }
}

function text(row, selector, value) {
  const place = row.querySelector(selector);
  if (place && place.textContent !== String(value)) place.textContent = value;
}

function move(rows, before) {
  if (still.matches) return;
  for (const row of rows) {
    const from = before.get(row.dataset.song);
    const by = from === undefined ? 0 : from - row.getBoundingClientRect().top;
    if (by) {
      row.animate([{ transform: `translateY(${by}px)` }, { transform: 'none' }], { duration: 450, easing: 'cubic-bezier(.2, .8, .2, 1)' });
    } else if (from === undefined) {
      row.animate([{ opacity: 0 }, { opacity: 1 }], 300);
    }
  }
}
