import type { RequestHandler } from 'express';
import { rateLimit } from 'express-rate-limit';
import helmet from 'helmet';
import { invalidRequest } from '../errors/api-error.js';

const MINUTE_MS = 60_000;
/** Asked for by machines that must not be refused: a probe that gets 429 would restart the service. */
const UNLIMITED = /(?:\/health(?:\/live|\/ready)?|\/metrics)$/;

/**
 * Headers that keep browsers from doing more with an answer than they should. Transport security is left to what ends TLS
 * in front of the service.
 */
export function securityHeaders(): RequestHandler {
  return helmet({
    strictTransportSecurity: false,
    contentSecurityPolicy: { directives: { upgradeInsecureRequests: null } },
  });
}

/** At most so many requests a minute of one address; each replica counts for itself. */
export function requestLimit(perMin: number): RequestHandler {
  return rateLimit({
    windowMs: MINUTE_MS,
    limit: perMin,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    skip: ({ path }) => UNLIMITED.test(path),
    handler: (_request, _response, next) =>
      next(
        invalidRequest([
          { code: 'CountExceeded.Requests', field: '', fault: 'too many requests', limit: `${perMin} a minute` },
        ]),
      ),
  });
}
