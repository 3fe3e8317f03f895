// Makes <form data-upload data-max-mb="50"> kinder: drag and drop, name and size, a preview, progress. The request is
// the form's own; its answer, a page, takes the place of this one.

const enhanced = new WeakSet();

export function start(root) {
  for (const form of root.querySelectorAll('form[data-upload]')) {
    if (enhanced.has(form)) continue;
    enhanced.add(form);
    enhance(form);
  }
}

function enhance(form) {
  const input = form.querySelector('input[type="file"]');
  const drop = form.querySelector('[data-drop]');
  let preview;

  const chosen = () => {
    const file = input.files[0];
    form.querySelector('[data-chosen]').hidden = !file;
    if (preview) URL.revokeObjectURL(preview);
    preview = undefined;
    const player = form.querySelector('[data-preview]');
    player.hidden = true;
    say(form, '');
    if (!file) return;
    form.querySelector('[data-chosen-name]').textContent = file.name;
    form.querySelector('[data-chosen-size]').textContent = size(file.size);
    if (!fits(form, file)) return;
    preview = URL.createObjectURL(file);
    player.src = preview;
    player.hidden = false;
  };

  form.querySelector('[data-preview]').addEventListener('error', (event) => (event.target.hidden = true));
  input.addEventListener('change', chosen);
  for (const name of ['dragenter', 'dragover']) {
    drop.addEventListener(name, (event) => {
      event.preventDefault();
      drop.classList.add('is-over');
    });
  }
  for (const name of ['dragleave', 'drop']) drop.addEventListener(name, () => drop.classList.remove('is-over'));
  drop.addEventListener('drop', (event) => {
    event.preventDefault();
    if (!event.dataTransfer.files.length) return;
    input.files = event.dataTransfer.files;
    chosen();
  });

  form.addEventListener('submit', (event) => {
    const file = byFile(form) ? input.files[0] : undefined;
    if (!file) return;
    event.preventDefault();
    if (fits(form, file)) send(form);
    else input.focus();
  });
  if (input.files.length) chosen();
}

function byFile(form) {
  const source = form.querySelector('[name="source"]:checked');
  return !source || source.value === 'file';
}

function fits(form, file) {
  const most = Number(form.dataset.maxMb) || 50;
  if (file.size === 0) say(form, 'This file is empty.');
  else if (file.size > most * 1024 * 1024) say(form, `This file has ${size(file.size)}; at most ${most} MB are allowed here.`);
  else return true;
  return false;
}

function send(form) {
  const request = new XMLHttpRequest();
  const progress = form.querySelector('[data-progress]');
  const bar = progress.querySelector('progress');
  const words = progress.querySelector('[data-progress-words]');
  const button = form.querySelector('button[type="submit"]');
  const cancel = progress.querySelector('[data-cancel]');
  const data = new FormData(form);

  const over = (text) => {
    progress.hidden = true;
    button.disabled = false;
    say(form, text);
  };

  progress.hidden = false;
  button.disabled = true;
  say(form, '');
  bar.value = 0;
  words.textContent = 'Sending …';
  if (cancel) cancel.onclick = () => request.abort();

  request.upload.addEventListener('progress', (event) => {
    if (!event.lengthComputable) return;
    const percent = Math.round((event.loaded / event.total) * 100);
    bar.value = percent;
    words.textContent = percent < 100 ? `${percent} % of ${size(event.total)}` : 'Checking the song …';
  });
  request.addEventListener('load', () => arrive(form, request, over));
  request.addEventListener('error', () => over('The connection broke. Nothing was submitted; your entries are still here.'));
  request.addEventListener('abort', () => over('Stopped. Nothing was submitted.'));
  request.open('POST', form.action);
  request.setRequestHeader('Accept', 'text/html');
  request.send(data);
}

// The answer is a page of ours: the song after a redirect, or this form with what is wrong.
function arrive(form, request, over) {
  const type = request.getResponseHeader('Content-Type') ?? '';
  const main = type.startsWith('text/html') ? new DOMParser().parseFromString(request.responseText, 'text/html') : null;
  const fresh = main?.querySelector('main');
  if (!fresh) {
    over(request.status === 413 ? 'This file is too large.' : 'UrVote could not take the song right now. Please try again in a moment.');
    return;
  }
  const old = document.querySelector('main');
  const input = form.querySelector('input[type="file"]');
  old.replaceWith(fresh);
  document.title = main.title;
  if (new URL(request.responseURL).pathname !== location.pathname) {
    const here = location.pathname;
    history.pushState(null, '', request.responseURL);
    window.addEventListener('popstate', () => location.pathname === here && location.reload());
  }

  const again = fresh.querySelector('form[data-upload] input[type="file"]');
  if (again && input.files.length) again.files = input.files;
  fresh.dispatchEvent(new CustomEvent('urvote:arrived', { bubbles: true }));
  const first = fresh.querySelector('[role="alert"], [role="status"].notice') ?? fresh;
  first.tabIndex = -1;
  first.focus();
  window.scrollTo(0, 0);
}

function say(form, text) {
  const note = form.querySelector('[data-upload-note]');
  note.textContent = text;
  note.hidden = !text;
}

function size(bytes) {
  if (bytes < 1024 * 1024) return `${Math.max(1, Math.round(bytes / 1024))} kB`;
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}
