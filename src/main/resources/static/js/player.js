// One <audio> for the page. A button `data-play="<address>" data-title data-artist data-cover` starts its song in the
// bar at the bottom; it goes on while one votes, and is picked up again on the next page.

const kept = 'urvote.player';
const audio = new Audio();
audio.preload = 'none';

let bar;
let current = null;
let seeking = false;

export function start() {
  if (bar) {
    mark();
    return;
  }
  bar = document.querySelector('[data-player]');
  part('toggle').addEventListener('click', toggle);
  part('previous').addEventListener('click', () => step(-1));
  part('next').addEventListener('click', () => step(1));

  const seek = part('seek');
  seek.addEventListener('input', () => {
    seeking = true;
    showTime(Number(seek.value));
  });
  seek.addEventListener('change', () => {
    seeking = false;
    audio.currentTime = Number(seek.value);
  });

  document.addEventListener('click', (event) => {
    const button = event.target.closest?.('[data-play]');
    if (!button) return;
    if (current && current.address === button.dataset.play) toggle();
    else play(songOf(button));
  });
  document.addEventListener('keydown', space);

  audio.addEventListener('play', mark);
  audio.addEventListener('pause', mark);
  audio.addEventListener('playing', mark);
  audio.addEventListener('waiting', () => mark('loading'));
  audio.addEventListener('ended', () => (neighbour(1) ? step(1) : mark()));
  audio.addEventListener('timeupdate', () => seeking || showTime(audio.currentTime));
  audio.addEventListener('durationchange', showLength);
  audio.addEventListener('error', () => say(reason()));
  window.addEventListener('pagehide', keep);

  if ('mediaSession' in navigator) {
    const on = (action, handler) => navigator.mediaSession.setActionHandler(action, handler);
    on('play', () => audio.play());
    on('pause', () => audio.pause());
    on('previoustrack', () => step(-1));
    on('nexttrack', () => step(1));
    on('seekto', (to) => (audio.currentTime = to.seekTime));
  }
  resume();
}

// Pauses, for example because an embedded player was opened.
export function pause() {
  audio.pause();
}

const part = (name) => bar.querySelector(`[data-player-${name}]`);
const buttons = () => [...document.querySelectorAll('[data-play]')];

function songOf({ dataset }) {
  return {
    address: dataset.play,
    title: dataset.title || 'Untitled',
    artist: dataset.artist || '',
    cover: dataset.cover || '0',
    page: dataset.page || '',
  };
}

function play(song, from = 0) {
  load(song, from);
  mark('loading');
  audio.play().catch((problem) => {
    if (problem.name === 'AbortError') return;
    mark();
    if (problem.name === 'NotAllowedError') say('Your browser wants you to press play once more.');
    else if (!audio.error) say('This song could not be started. Please try again.');
  });
}

function load(song, from) {
  current = song;
  say('');
  audio.src = song.address;
  if (from) audio.addEventListener('loadedmetadata', () => (audio.currentTime = from), { once: true });
  bar.hidden = false;

  const title = part('title');
  title.textContent = song.title;
  if (song.page) title.setAttribute('href', song.page);
  else title.removeAttribute('href');
  part('artist').textContent = song.artist;
  part('cover').setAttribute('href', `/img/covers.svg#cover-${Number(song.cover) % 24}`);
  showTime(from);
  showLength();

  if ('mediaSession' in navigator) {
    navigator.mediaSession.metadata = new MediaMetadata({ title: song.title, artist: song.artist, album: 'UrVote' });
  }
}

function toggle() {
  if (!current) return;
  if (!audio.paused) {
    audio.pause();
  } else if (audio.error || audio.ended) {
    play(current);
  } else {
    say('');
    audio.play().catch(() => say(reason()));
  }
}

function neighbour(by) {
  const all = buttons();
  const at = all.findIndex((button) => button.dataset.play === current?.address);
  if (at < 0) return by > 0 ? all[0] : undefined;
  return all[at + by];
}

function step(by) {
  if (by < 0 && audio.currentTime > 4) {
    audio.currentTime = 0;
    return;
  }
  const next = neighbour(by);
  if (next) play(songOf(next));
}

// Shows on every card, and on the bar, which song plays.
function mark(state) {
  const now = state === 'loading' ? 'loading' : audio.paused ? 'paused' : 'playing';
  for (const button of buttons()) {
    const own = button.dataset.play === current?.address;
    const shown = own ? now : 'paused';
    button.dataset.state = shown;
    button.setAttribute('aria-label', `${shown === 'paused' ? 'Play' : 'Pause'} ${button.dataset.title} by ${button.dataset.artist}`);
    const card = button.closest('[data-song]');
    card?.classList.toggle('is-playing', own);
    card?.classList.toggle('is-paused', own && now === 'paused');
  }
  const button = part('toggle');
  button.dataset.state = now;
  button.setAttribute('aria-label', now === 'paused' ? 'Play' : 'Pause');
  part('previous').disabled = !current;
  part('next').disabled = !neighbour(1);
  if ('mediaSession' in navigator) navigator.mediaSession.playbackState = now === 'playing' ? 'playing' : 'paused';
}

function showTime(seconds) {
  part('time').textContent = clock(seconds);
  const seek = part('seek');
  if (!seeking) seek.value = Math.floor(seconds);
  seek.setAttribute('aria-valuetext', `${words(seconds)} of ${words(audio.duration)}`);
}

function showLength() {
  const known = Number.isFinite(audio.duration);
  part('length').textContent = known ? clock(audio.duration) : '–:––';
  part('seek').max = known ? Math.ceil(audio.duration) : 0;
  part('seek').disabled = !known;
}

function clock(seconds) {
  const whole = Math.max(0, Math.floor(seconds || 0));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}

function words(seconds) {
  if (!Number.isFinite(seconds)) return 'an unknown length';
  return `${Math.floor(seconds / 60)} min ${Math.floor(seconds % 60)} s`;
}

function say(text) {
  part('note').textContent = text;
}

function reason() {
  if (!navigator.onLine) return 'You seem to be offline. Press play to try again.';
  switch (audio.error?.code) {
    case MediaError.MEDIA_ERR_NETWORK:
      return 'The connection broke while the song was loading. Press play to try again.';
    case MediaError.MEDIA_ERR_DECODE:
      return 'This browser could not make sound of this file.';
    case MediaError.MEDIA_ERR_SRC_NOT_SUPPORTED:
      return 'This song is not available, or this browser cannot play its format.';
    default:
      return 'This song could not be played. Press play to try again.';
  }
}

function space(event) {
  if (event.key !== ' ' || !current || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest?.('input, textarea, select, button, summary, audio, iframe, [contenteditable]')) return;
  event.preventDefault();
  toggle();
}

function keep() {
  if (!current) return;
  const state = { ...current, at: audio.currentTime, playing: !audio.paused, when: Date.now() };
  try {
    sessionStorage.setItem(kept, JSON.stringify(state));
  } catch {
    // Without storage the next page starts silent.
  }
}

function resume() {
  let state = null;
  try {
    state = JSON.parse(sessionStorage.getItem(kept));
    sessionStorage.removeItem(kept);
  } catch {
    // As above.
  }
  if (!state?.address?.startsWith('/api/v1/songs/') || !state.playing || Date.now() - state.when > 60_000) return;
  load(state, state.at);
  audio.play().catch(() => {});
  mark();
}
