// Votes without leaving the page. A ballot is
//   <div class="ballot" data-ballot="17"><form data-vote>…</form><form data-unvote hidden>…</form><p class="ballot-note" role="status"></p></div>
// The same attempt keeps its Idempotency-Key, so that a retry can never count twice.

const keys = new Map();
let started = false;

export function start() {
  if (started) return;
  started = true;
  document.addEventListener('submit', (event) => {
    const ballot = event.target.closest?.('[data-ballot]');
    if (!ballot) return;
    if (event.target.matches('[data-vote]')) {
      event.preventDefault();
      vote(ballot);
    } else if (event.target.matches('[data-unvote]')) {
      event.preventDefault();
      takeBack(ballot);
    }
  });
}

async function vote(ballot) {
  const song = ballot.dataset.ballot;
  if (busy(ballot)) return;
  const hadFocus = ballot.contains(document.activeElement);
  const key = keys.get(song) ?? newKey();
  keys.set(song, key);
  busy(ballot, true);
  say(ballot, '');

  for (let tries = 0; ; tries++) {
    let answer;
    try {
      answer = await send('POST', `/api/v1/songs/${song}/votes`, { 'Idempotency-Key': key });
    } catch {
      busy(ballot, false);
      const why = navigator.onLine ? 'We could not reach UrVote.' : 'You seem to be offline.';
      say(ballot, `${why} Your vote may not have arrived; trying again never counts it twice.`, true);
      offer(ballot, 'Try again', () => vote(ballot));
      return;
    }

    if (answer.status === 201) {
      keys.delete(song);
      const { votes_left_today: left } = await body(answer);
      busy(ballot, false);
      show(ballot, true, hadFocus);
      say(ballot, '');
      if (Number.isInteger(left)) setLeft(left);
      announce(`Vote received.${Number.isInteger(left) ? ` ${left} left today.` : ''}`);
      return;
    }

    const problem = await body(answer);
    if (answer.status === 503 && tries < 3) {
      const seconds = Math.min(after(answer) ?? 2, 30);
      say(ballot, `Many are voting right now. Trying again in ${seconds} s …`);
      await new Promise((done) => setTimeout(done, seconds * 1000));
      continue;
    }
    busy(ballot, false);
    refused(ballot, answer, problem);
    return;
  }
}

function refused(ballot, answer, problem) {
  const song = ballot.dataset.ballot;
  if (answer.status !== 503) keys.delete(song);
  const detail = problem.detail || problem.title;
  switch (problem.code) {
    case 'sign_in_required':
      location.assign(`/sign-in?next=${encodeURIComponent(location.pathname + location.search + `#song-${song}`)}`);
      return;
    case 'already_voted':
      show(ballot, true, false);
      say(ballot, detail || 'You already voted for this song today.');
      return;
    case 'daily_limit_reached':
      setLeft(0);
      say(ballot, join(detail || 'You have used all your votes for today.', again(answer)), true);
      return;
    case 'rate_limited':
      say(ballot, join(detail || 'That was a bit fast.', again(answer)), true);
      return;
    case 'busy':
      say(ballot, detail || 'UrVote is very busy. Your vote was not counted yet.', true);
      offer(ballot, 'Try again', () => vote(ballot));
      return;
    case 'csrf':
      say(ballot, 'This page has grown old. Please load it again, then vote.', true);
      offer(ballot, 'Load again', () => location.reload());
      return;
    default:
      say(ballot, detail || 'This vote was not accepted, and we cannot say why. Please load the page again.', true);
  }
}

async function takeBack(ballot) {
  if (busy(ballot)) return;
  const hadFocus = ballot.contains(document.activeElement);
  busy(ballot, true);
  say(ballot, '');
  try {
    const answer = await send('DELETE', `/api/v1/songs/${ballot.dataset.ballot}/votes/today`);
    if (answer.status === 204) {
      keys.delete(ballot.dataset.ballot);
      busy(ballot, false);
      show(ballot, false, hadFocus);
      changeLeft(1);
      announce('Vote taken back.');
      return;
    }
    const problem = await body(answer);
    say(ballot, join(problem.detail || problem.title || 'This vote could not be taken back.', again(answer)), true);
  } catch {
    say(ballot, 'We could not reach UrVote. Your vote is unchanged.', true);
  }
  busy(ballot, false);
}

function send(method, address, headers = {}) {
  return fetch(address, {
    method,
    credentials: 'same-origin',
    headers: {
      Accept: 'application/json, application/problem+json',
      'X-CSRF-Token': document.querySelector('meta[name="csrf"]')?.content ?? '',
      ...headers,
    },
  });
}

async function body(answer) {
  try {
    return (await answer.json()) ?? {};
  } catch {
    return {};
  }
}

// crypto.randomUUID exists on https and localhost only; UrVote may be looked at on http in a home network.
function newKey() {
  if (crypto.randomUUID) return crypto.randomUUID();
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

function after(answer) {
  const seconds = Number.parseInt(answer.headers.get('Retry-After'), 10);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds : undefined;
}

function again(answer) {
  const seconds = after(answer);
  if (seconds === undefined) return '';
  if (seconds < 90) return `Try again in ${Math.max(1, seconds)} s.`;
  if (seconds < 5400) return `Try again in ${Math.round(seconds / 60)} minutes.`;
  const at = new Date(Date.now() + seconds * 1000);
  return `You can vote again at ${at.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' })}, in about ${Math.round(seconds / 3600)} hours.`;
}

function join(first, second) {
  return [first, second].filter(Boolean).join(' ');
}

function busy(ballot, now) {
  const buttons = ballot.querySelectorAll('button[type="submit"]');
  if (now === undefined) return [...buttons].some((button) => button.getAttribute('aria-busy') === 'true');
  for (const button of buttons) button.setAttribute('aria-busy', String(now));
  return now;
}

function show(ballot, voted, moveFocus) {
  const cast = ballot.querySelector('[data-vote]');
  const taken = ballot.querySelector('[data-unvote]');
  cast.hidden = voted;
  if (taken) taken.hidden = !voted;
  if (moveFocus) (voted ? taken : cast)?.querySelector('button')?.focus({ preventScroll: true });
}

function say(ballot, text, wrong = false) {
  const note = ballot.querySelector('.ballot-note');
  note.textContent = text;
  note.classList.toggle('is-error', wrong);
}

function offer(ballot, label, act) {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'button-link';
  button.textContent = label;
  button.addEventListener('click', act, { once: true });
  ballot.querySelector('.ballot-note').append(' ', button);
}

function setLeft(left) {
  for (const place of document.querySelectorAll('[data-votes-left]')) {
    place.querySelector('[data-votes-left-count]').textContent = left;
    const bar = place.querySelector('progress');
    if (bar) bar.value = left;
  }
}

function changeLeft(by) {
  const shown = document.querySelector('[data-votes-left-count]');
  if (shown) setLeft(Math.max(0, Number(shown.textContent) + by));
}

function announce(text) {
  const place = document.querySelector('[data-announce]');
  if (place) place.textContent = text;
}
