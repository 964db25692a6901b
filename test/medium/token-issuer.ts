import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK } from 'jose';

export const ISSUER = 'https://issuer.test';
export const AUDIENCE = 'sdp';

type Algorithm = 'RS256' | 'ES256' | 'RS512';

interface Key {
  kid: string;
  alg: Algorithm;
  privateKey: CryptoKey;
  jwk: JWK;
}

/** An issuer of tokens: a key set served over HTTP, and tokens signed with its keys. */
export class TokenIssuer {
  private readonly keys = new Map<Algorithm, Key>();
  private made = 0;
  /** Questions for the key set. */
  asked = 0;

  private constructor(private readonly server: Server) {}

  static async start(): Promise<TokenIssuer> {
    const server = createServer((_request, response) => {
      issuer.asked += 1;
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ keys: [...issuer.keys.values()].map(({ jwk }) => jwk) }));
    });
    const issuer = new TokenIssuer(server);
    await issuer.rotate('RS256');
    await issuer.rotate('ES256');
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return issuer;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/jwks`;
  }

  /** The settings of a service that trusts this issuer. */
  get settings(): Record<string, string> {
    return {
      SDP_AUTH_MODE: 'jwt',
      SDP_AUTH_JWT_JWKSURL: this.url,
      SDP_AUTH_JWT_ISSUER: ISSUER,
      SDP_AUTH_JWT_AUDIENCE: AUDIENCE,
    };
  }

  /** Replaces the key of an algorithm by a new one. */
  async rotate(alg: Algorithm): Promise<void> {
    const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
    const kid = `key-${++this.made}`;
    this.keys.set(alg, { kid, alg, privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' } });
  }

  /** A token of the account, good unless `claims` or `alg` make it otherwise. */
  async token(sub: string, claims: Record<string, unknown> = {}, alg: Algorithm = 'RS256'): Promise<string> {
    const key = this.keys.get(alg);
    if (!key) {
      throw new Error(`the issuer has no key for ${alg}`);
    }
    const now = Math.floor(Date.now() / 1000);
    return new SignJWT({ iss: ISSUER, aud: AUDIENCE, exp: now + 600, sub, ...claims })
      .setProtectedHeader({ alg, kid: key.kid })
      .sign(key.privateKey);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
