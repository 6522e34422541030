// The call that was just made, for programs: as a shell script, in Python and in JavaScript. Each has one deadline over all its
// tries, and tries again only where the server says "retryable", after the time that it asks for. The key comes from the environment.

export const LANGUAGES = [
  {id: 'curl', label: 'curl', file: 'predict.sh', needs: 'A POSIX shell and curl; no jq.', run: 'sh predict.sh'},
  {id: 'python', label: 'Python', file: 'predict.py', needs: 'Python 3.8 or newer; the standard library alone.', run: 'python3 predict.py'},
  {id: 'node', label: 'Node', file: 'predict.mjs', needs: 'Node 18 or newer, whose fetch is built in; no packages.', run: 'node predict.mjs'},
];

/**
 * @param language one of LANGUAGES' ids
 * @param call {url, body, headers}: an absolute address, JSON as text, and headers besides the usual ones
 * @param seconds the deadline
 */
export function snippet(language, {url, body, headers = {}}, seconds = 30) {
  return {curl, python, node}[language](url, body, Object.entries(headers), seconds);
}

const quotedForShell = (text) => `'${text.replaceAll("'", "'\\''")}'`;

function curl(url, body, headers, seconds) {
  return `#!/bin/sh
# Needs the key in the environment: export MODELYARD_KEY=...
set -eu
: "\${MODELYARD_KEY:?set it to an API key with the role predict}"
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cat > "$dir/body.json" <<'JSON'
${body}
JSON
deadline=$(($(date +%s) + ${seconds}))
pause=1
while :; do
  left=$((deadline - $(date +%s)))
  [ "$left" -gt 0 ] || { echo "no answer within ${seconds} s" >&2; exit 1; }
  # The key goes in by a pipe, so that no list of processes shows it.
  status=$(printf 'header = "X-API-Key: %s"\\n' "$MODELYARD_KEY" | curl -sS --config - --max-time "$left" \\
    -H 'Content-Type: application/json' -H "X-Timeout-Ms: $((left * 1000))" \\
${headers.map(([name, value]) => `    -H ${quotedForShell(`${name}: ${value}`)} \\\n`).join('')}    --data-binary "@$dir/body.json" -D "$dir/head" -o "$dir/answer" -w '%{http_code}' \\
    ${quotedForShell(url)})
  case $status in 2??) cat "$dir/answer"; echo; exit 0 ;; esac
  if ! grep -q '"retryable": *true' "$dir/answer"; then
    cat "$dir/answer" >&2; echo >&2; exit 1
  fi
  after=$(tr -d '\\r' < "$dir/head" | sed -n 's/^[Rr]etry-[Aa]fter: *\\([0-9]*\\)$/\\1/p')
  sleep "\${after:-$pause}"
  pause=$((pause * 2))
done
`;
}

function python(url, body, headers, seconds) {
  return `# Needs the key in the environment: export MODELYARD_KEY=...
import json, os, sys, time
import urllib.error, urllib.request

URL = ${JSON.stringify(url)}
KEY = os.environ.get("MODELYARD_KEY") or sys.exit("set MODELYARD_KEY to an API key with the role predict")
BODY = r"""
${body}
""".encode()


def predict(body, seconds=${seconds}):
    deadline = time.monotonic() + seconds
    pause = 1.0
    while True:
        left = deadline - time.monotonic()
        request = urllib.request.Request(URL, body, {
            "X-API-Key": KEY, "Content-Type": "application/json", "X-Timeout-Ms": str(max(1, int(left * 1000))),
${headers.map(([name, value]) => `            ${JSON.stringify(name)}: ${JSON.stringify(value)},\n`).join('')}        })
        try:
            with urllib.request.urlopen(request, timeout=left) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as refused:
            text = refused.read()
            try:
                problem = json.loads(text)
            except ValueError:  # Something before the server answered.
                problem = {"detail": text.decode(errors="replace")}
            wait = float(refused.headers.get("Retry-After") or pause)
            if not problem.get("retryable") or time.monotonic() + wait >= deadline:
                raise RuntimeError(f"{refused.code}: {problem.get('detail')}") from None
        time.sleep(wait)
        pause *= 2


print(json.dumps(predict(BODY), indent=2))
`;
}

/** Inside a template literal, where a backtick and \${ mean something: in JSON both can be written otherwise. */
const quotedForTemplate = (json) => json.replaceAll('`', '\\u0060').replaceAll('${', '\\u0024{');

function node(url, body, headers, seconds) {
  return `// Needs the key in the environment: export MODELYARD_KEY=...
import { setTimeout as sleep } from 'node:timers/promises';

const url = ${JSON.stringify(url)};
const key = process.env.MODELYARD_KEY;
if (!key) throw new Error('set MODELYARD_KEY to an API key with the role predict');
const body = String.raw\`${quotedForTemplate(body)}\`;

async function predict(body, seconds = ${seconds}) {
  const deadline = Date.now() + seconds * 1000;
  for (let pause = 1; ; pause *= 2) {
    const left = Math.max(1, deadline - Date.now());
    const answer = await fetch(url, {
      method: 'POST',
      headers: {
        'X-API-Key': key, 'Content-Type': 'application/json', 'X-Timeout-Ms': String(left),
${headers.map(([name, value]) => `        ${JSON.stringify(name)}: ${JSON.stringify(value)},\n`).join('')}      },
      body,
      signal: AbortSignal.timeout(left),
    });
    if (answer.ok) return answer.json();
    // Something before the server may have answered in its own words.
    const problem = await answer.json().catch(() => ({}));
    const wait = Number(answer.headers.get('Retry-After') ?? pause) * 1000;
    if (!problem.retryable || Date.now() + wait >= deadline) {
      throw new Error(\`\${answer.status}: \${problem.detail}\`);
    }
    await sleep(wait);
  }
}

console.log(JSON.stringify(await predict(body), null, 2));
`;
}
