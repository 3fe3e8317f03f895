// A link to YouTube or SoundCloud with data-embed="<address of the embedded player>" opens it in its card on the first
// click; nothing is asked of either before. Without JavaScript, or with a modifier key, it stays a link.

import { pause } from './player.js';

const allowed = ['https://www.youtube-nocookie.com', 'https://w.soundcloud.com'];
let started = false;

export function start() {
  if (started) return;
  started = true;
  document.addEventListener('click', (event) => {
    const link = event.target.closest?.('a[data-embed]');
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    const address = new URL(link.dataset.embed, location.href);
    if (!allowed.includes(address.origin)) return;
    event.preventDefault();
    pause();
    open(link, address);
  });
}

function open(link, address) {
  const card = link.closest('[data-song]') ?? link.parentElement;
  if (card.querySelector('iframe')) return;
  const frame = document.createElement('iframe');
  frame.className = address.origin.includes('soundcloud') ? 'embed embed-soundcloud' : 'embed';
  frame.title = link.dataset.title || 'Song';
  frame.allow = 'autoplay; encrypted-media; fullscreen';
  frame.referrerPolicy = 'strict-origin-when-cross-origin';
  frame.src = address.href;
  card.append(frame);
  frame.focus();
}
