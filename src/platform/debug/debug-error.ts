/** Body of a refusal below /debug: as the errors of the API, in both roles, without what only the API has. */
export interface DebugErrorBody {
  error_code: string;
  description: string;
  solution: string;
  error_details: object;
}

/** The fault of a field that nobody knows. */
export const UNKNOWN_FIELD = 'is not known';

export type DebugErrorDetails = { reason: string } | { faults: readonly { field: string; fault: string }[] };

const KINDS = {
  unauthorized: {
    status: 401,
    error_code: 'StreamDataPipeline.Unauthorized',
    description: 'The caller is not known',
    solution: 'Send the header Authorization: Bearer <token> with the token of the setting debug.token.',
  },
  bad_body: {
    status: 400,
    error_code: 'StreamDataPipeline.InvalidParameter.RequestBody',
    description: 'The request body is not valid',
    solution: 'Send one JSON object in UTF-8 with the documented fields only.',
  },
} as const;

/** A request below /debug that is refused. The message says why; it never repeats a token. */
export class DebugError extends Error {
  constructor(
    private readonly kind: keyof typeof KINDS,
    readonly details: DebugErrorDetails,
  ) {
    super(KINDS[kind].description);
    this.name = 'DebugError';
  }

  get status(): number {
    return KINDS[this.kind].status;
  }

  /** `requestId` is undefined where requests have none: on a worker. */
  body(requestId: string | undefined): DebugErrorBody {
    const { error_code, description, solution } = KINDS[this.kind];
    const error_details = { ...(requestId !== undefined && { request_id: requestId }), ...this.details };
    return { error_code, description, solution, error_details };
  }
}
