/** As much of luxon as the date handler uses: the package comes without types. */
declare module 'luxon' {
  /** A format made ready for reading texts. */
  export interface TokenParser {
    readonly isValid: boolean;
    /** Null when it is valid. */
    readonly invalidReason: string | null;
  }

  export interface ReadingOptions {
    zone?: string;
    locale?: string;
  }

  export class DateTime {
    static fromISO(text: string, options?: ReadingOptions): DateTime;
    /** Throws for a format in another language than the parser's, and for one that says an hour in two ways. */
    static fromFormatParser(text: string, parser: TokenParser, options?: ReadingOptions): DateTime;
    static buildFormatParser(format: string, options?: { locale?: string }): TokenParser;
    static fromMillis(epochMs: number, options?: ReadingOptions): DateTime;
    readonly isValid: boolean;
    /** Minutes east of UTC. */
    readonly offset: number;
    toFormat(format: string): string;
    /** NaN when it is invalid. */
    toMillis(): number;
  }
}
