// Brings to a page only what its markup asks for. Each module listens on the document or enhances what it is given.

const parts = [
  ['[data-player]', './player.js'],
  ['[data-ballot]', './vote.js'],
  ['[data-leaderboard]', './leaderboard.js'],
  ['form[data-upload]', './upload.js'],
  ['[data-embed]', './embed.js'],
];

async function enhance(root) {
  for (const [selector, module] of parts) {
    if (root.matches?.(selector) || root.querySelector(selector)) {
      const { start } = await import(module);
      start(root);
    }
  }
}

function openMenus() {
  return document.querySelectorAll('details.menu[open]');
}

document.addEventListener('click', (event) => {
  for (const menu of openMenus()) if (!menu.contains(event.target)) menu.open = false;
});

document.addEventListener('keydown', (event) => {
  if (event.key !== 'Escape') return;
  for (const menu of openMenus()) {
    menu.open = false;
    menu.querySelector('summary').focus();
  }
});

// What arrives later (an upload's answer) is enhanced as well.
document.addEventListener('urvote:arrived', (event) => enhance(event.target));

enhance(document);
