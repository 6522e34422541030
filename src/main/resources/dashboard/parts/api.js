// The way to the server: sends the key, reads JSON, and throws what the server refuses.

/** What went wrong, as the server says it (RFC 9457), or status 0 where it could not be reached. */
export class Problem extends Error {
  constructor(status, body = {}, requestId = null, retryAfter = null) {
    super(body.detail || body.title || `the server answered ${status}`);
    this.name = 'Problem';
    this.status = status;
    this.code = body.code || 'unknown';
    this.detail = this.message;
    this.errors = body.errors || [];
    this.retryable = Boolean(body.retryable);
    this.retryAfter = retryAfter;
    this.requestId = body.request_id || requestId;
    this.body = body;
  }

  static unreachable() {
    return new Problem(0, {
      code: 'unreachable', retryable: true,
      detail: 'The server cannot be reached. It may be restarting, or the network is down.',
    });
  }
}

/**
 * @param key gives the key of this tab, or null
 * @param unauthorized is told when the server does not take the key
 * @returns api(path, {method, body, headers, signal, raw}): the parsed answer, or with raw the Response; retries nothing
 */
export function createApi({key, unauthorized}) {
  return async function api(path, {method = 'GET', body, headers = {}, signal, raw = false} = {}) {
    const used = key();
    const sent = new Headers(headers);
    if (!sent.has('Accept')) sent.set('Accept', 'application/json');
    if (used) sent.set('X-API-Key', used);
    let payload = body;
    if (body !== undefined && typeof body !== 'string' && !(body instanceof Blob)) {
      payload = JSON.stringify(body);
    }
    if (payload !== undefined && !sent.has('Content-Type')) sent.set('Content-Type', 'application/json');
    let answer;
    try {
      answer = await fetch(path, {method, body: payload, headers: sent, signal, cache: 'no-store', credentials: 'omit'});
    } catch (failure) {
      if (failure.name === 'AbortError') throw failure;
      throw Problem.unreachable();
    }
    if (!answer.ok) {
      const problem = await problemOf(answer);
      if (problem.status === 401) unauthorized(used, problem);
      throw problem;
    }
    if (raw) return answer;
    const text = await answer.text();
    return text ? JSON.parse(text) : null;
  };
}

/** The refusal in an answer, whatever form it has. */
export async function problemOf(answer) {
  let body = {};
  try {
    body = await answer.json();
  } catch {
    // Something before the server answered in its own words.
  }
  const after = Number(answer.headers.get('Retry-After'));
  return new Problem(answer.status, body, answer.headers.get('X-Request-Id'), after > 0 ? after : null);
}

/** A path with its parts escaped: path`/models/${type}/${version}`. */
export function path(strings, ...parts) {
  return strings.reduce((whole, text, i) => whole + encodeURIComponent(parts[i - 1]) + text);
}
