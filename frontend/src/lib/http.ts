/** What went wrong with a request, in words that a page can show. */

export interface FieldProblem {
  loc: (string | number)[];
  msg: string;
  /** What is wrong, for programs. */
  type?: string;
}

export class ApiError extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly fields: Readonly<Record<string, string>> = {},
    readonly retryAfter: number | null = null,
    /** What is wrong with a field, for programs: `rows_are_not_customers`. */
    readonly codes: Readonly<Record<string, string>> = {},
  ) {
    super(message);
    this.name = 'ApiError';
  }
}

/** There is nothing at this address, or its id is none: to try again would not help. */
export const isMissing = (error: unknown): boolean => error instanceof ApiError && (error.status === 404 || error.status === 422);

/** Whether the server refused what was asked, with a reason for its user. */
export const isRefused = (error: unknown): error is ApiError => error instanceof ApiError && error.status === 422;

/** Whether a request was refused for this reason. */
export const isRefusedFor = (error: unknown, code: string): boolean => error instanceof ApiError && Object.values(error.codes).includes(code);

/** The server did not answer at all, or something before it said that it is away. */
export class ServerAway extends Error {
  constructor() {
    super('The server is not responding. Check your connection or try again in a moment.');
    this.name = 'ServerAway';
  }
}

function isFieldProblem(value: unknown): value is FieldProblem {
  return (
    typeof value === 'object' && value !== null && 'loc' in value && Array.isArray(value.loc) && 'msg' in value
  );
}

/** An error that is no field error may be about one field all the same, as a name that is taken. */
function fieldAtFault(body: unknown, message: string): Record<string, string> {
  const field = typeof body === 'object' && body !== null && 'field' in body ? body.field : null;
  return typeof field === 'string' ? { [field]: message } : {};
}

function sentence(text: string): string {
  const plain = text.replace(/^Value error, /, '');
  return plain.charAt(0).toUpperCase() + plain.slice(1);
}

/** Translates an error answer; the server's words stand wherever there are any for its user. */
export function toApiError(response: Response, body: unknown): ApiError | ServerAway {
  const { status } = response;
  if (status === 502 || status === 504) return new ServerAway();
  const header = Number(response.headers.get('Retry-After'));
  const retryAfter = Number.isFinite(header) && header > 0 ? header : null;
  // The server's own words for this are for its log.
  if (status === 500) return new ApiError(status, 'Something went wrong on the server. Try again. If the problem persists, contact your administrator.', {}, retryAfter);
  const detail = typeof body === 'object' && body !== null && 'detail' in body ? body.detail : undefined;
  if (Array.isArray(detail)) {
    const problems = detail.filter(isFieldProblem);
    const fields: Record<string, string> = {};
    const codes: Record<string, string> = {};
    for (const problem of problems) {
      const name = problem.loc.filter((part) => part !== 'body' && part !== 'query').join('.');
      fields[name] ??= sentence(problem.msg);
      if (problem.type !== undefined) codes[name] ??= problem.type;
    }
    const first = problems[0];
    const text = first ? sentence(first.msg) : 'Check the highlighted fields';
    return new ApiError(status, text, fields, retryAfter, codes);
  }
  if (typeof detail === 'string') return new ApiError(status, detail, fieldAtFault(body, detail), retryAfter);
  return new ApiError(status, `The server returned an error (${status})`, {}, retryAfter);
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : 'Something went wrong';
}
