// Passkeys: the browser makes a key, or signs with one. Where it cannot, everything about them stays hidden.

const able = window.PublicKeyCredential?.parseCreationOptionsFromJSON && window.PublicKeyCredential?.parseRequestOptionsFromJSON;

async function post(path, body) {
  const answer = await fetch(path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
    body: JSON.stringify(body),
  });
  const json = answer.status === 204 ? {} : await answer.json();
  if (!answer.ok) throw new Error(json.detail ?? 'That did not work.');
  return json;
}

function trouble(part, text) {
  const line = part.querySelector('[data-passkey-trouble]');
  line.textContent = text;
  line.hidden = !text;
}

/** What went wrong, in words: browsers say little on purpose. */
function words(error) {
  if (error.name === 'NotAllowedError') return 'The passkey was not used: it was cancelled, or took too long.';
  if (error.name === 'InvalidStateError') return 'This passkey is set up already.';
  return error.message;
}

async function guarded(part, work) {
  const button = part.querySelector('button');
  button.disabled = true;
  trouble(part, '');
  try {
    await work();
  } catch (error) {
    trouble(part, words(error));
  } finally {
    button.disabled = false;
  }
}

function showCodes(part, codes) {
  const list = document.createElement('ol');
  list.className = 'codes';
  for (const code of codes) {
    const item = document.createElement('li');
    item.append(Object.assign(document.createElement('code'), { textContent: code }));
    list.append(item);
  }
  const title = Object.assign(document.createElement('h3'), { textContent: 'Write these recovery codes down', tabIndex: -1 });
  const why = Object.assign(document.createElement('p'), {
    textContent: 'Each lets you in once, should you lose everything else. They are shown now and never again.',
  });
  const done = Object.assign(document.createElement('a'), { textContent: 'I have them', href: '/me/two-factor', className: 'button' });
  part.replaceChildren(title, why, list, done);
  title.focus();
}

const adding = document.querySelector('[data-passkey-add]');
if (adding && able) {
  adding.hidden = false;
  adding.addEventListener('submit', (event) => {
    event.preventDefault();
    guarded(adding, async () => {
      const options = await post('/api/v1/me/passkeys/options', {});
      const credential = await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) });
      const made = await post('/api/v1/me/passkeys', { name: adding.elements.name.value, credential: credential.toJSON() });
      if (made.recovery_codes.length) showCodes(adding, made.recovery_codes);
      else location.assign('/me/two-factor');
    });
  });
}

const signing = document.querySelector('[data-passkey-sign-in]');
if (signing && able) {
  signing.hidden = false;
  signing.querySelector('button').addEventListener('click', () =>
    guarded(signing, async () => {
      const options = await post('/api/v1/sessions/second-step/passkey-options', {});
      const credential = await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) });
      await post('/api/v1/sessions/second-step/passkey', { credential: credential.toJSON() });
      location.assign(signing.dataset.next);
    }),
  );
}
