import { DateTime } from 'luxon';
import { encodeString } from '../../json/members.js';
import { fieldOption, ignoreMissingOption, readPath } from '../field-option.js';
import { readValue, unfitField, writeValue } from '../field-value.js';
import { type HandlerType, OptionFault } from '../handler-type.js';
import { type Instant, type InstantFormat, readInstantFormat } from '../instant-format.js';
import { scalarOf } from '../record/scalar.js';

type Output = 'epoch_ms' | 'iso8601';

interface DateOptions {
  field: string;
  formats: string[];
  zone?: string;
  locale?: string;
  target?: string;
  output?: Output;
  ignore_missing?: boolean;
}

/** What luxon would take from the machine: a record would get another time on another one. */
const ZONES_OF_THE_MACHINE = new Set(['default', 'local', 'system']);
const [YEAR_0_MS, YEAR_10000_MS] = [Date.parse('0000-01-01T00:00Z'), Date.parse('+010000-01-01T00:00Z')];
/** Kiribati is the farthest from UTC. */
const MAX_OFFSET_MINUTES = 14 * 60;

/** Reads a time out of a text or a number. */
export const dateHandler: HandlerType<DateOptions> = {
  type: 'date',
  description: 'Reads a time and puts it into `@timestamp`, or into another field',
  options: {
    field: fieldOption('The field that holds the time, as a text or a number', 'time'),
    formats: {
      ...{ type: 'array', items: { type: 'string', minLength: 1, maxLength: 100 } },
      ...{ minItems: 1, maxItems: 20, uniqueItems: true, example: ['iso8601', 'dd/LLL/yyyy:HH:mm:ss ZZZ'] },
      description:
        'How the time is written, the first that fits: tokens of luxon, among them the year; or one of iso8601, epoch_s, epoch_ms, epoch_us, epoch_ns',
    },
    zone: {
      ...{ type: 'string', minLength: 1, maxLength: 100, default: 'UTC', example: 'Europe/Berlin' },
      description: 'Time zone of times that do not say theirs: a name of the IANA data base, or as in `UTC+3`',
    },
    locale: {
      ...{ type: 'string', minLength: 1, maxLength: 100, default: 'en', example: 'fr' },
      description: 'Language of the names of months and days (BCP 47)',
    },
    target: { ...fieldOption('Where the time goes', 'event.created'), default: '@timestamp' },
    output: {
      ...{ type: 'string', enum: ['epoch_ms', 'iso8601'], default: 'epoch_ms', example: 'iso8601' },
      description:
        'epoch_ms: an integer, in which what is finer is cut off; iso8601: a text in UTC with the digits that were told, milliseconds at least, nanoseconds at most (tokens of luxon: milliseconds)',
    },
    ignore_missing: ignoreMissingOption,
  },
  required: ['field', 'formats'],
  example: {
    options: { field: 'time', formats: ['dd/LLL/yyyy:HH:mm:ss ZZZ', 'epoch_s'] },
    before: '{"time":"10/Oct/2000:13:55:36 -0700"}',
    after: '{"time":"10/Oct/2000:13:55:36 -0700","@timestamp":971211336000}',
  },
  compile: (options) => {
    const { field, output = 'epoch_ms', ignore_missing: isOptional = true } = options;
    const [source, target] = [readPath('field', field), readPath('target', options.target ?? '@timestamp')];
    const formats = formatsOf(options);
    const wanted = `a time in one of the formats ${options.formats.join(', ')}`;
    return (record) => {
      const value = readValue(record, source, isOptional);
      if (!Buffer.isBuffer(value)) {
        return value;
      }
      const scalar = scalarOf(value);
      const instant = scalar && scalar.kind !== 'boolean' ? firstFit(formats, scalar.text) : undefined;
      if (!instant) {
        return unfitField(field, value, wanted);
      }
      const json = OUTPUTS[output](instant);
      if (!json) {
        return unfitField(field, value, 'a time of the years 0 to 9999, which a text of iso8601 can say');
      }
      return writeValue(record, target, json);
    };
  },
};

function formatsOf({ formats, zone = 'UTC', locale = 'en' }: DateOptions): InstantFormat[] {
  if (!isZone(zone)) {
    throw new OptionFault('zone', 'is no time zone: give a name such as Europe/Berlin, or an offset such as UTC+3');
  }
  if (!isLocale(locale)) {
    throw new OptionFault('locale', 'is no language: give a tag such as en or pt-BR');
  }
  return formats.map((format, index) => readInstantFormat(`formats[${index}]`, format, { zone, locale }));
}

function isZone(zone: string): boolean {
  const { isValid, offset } = DateTime.fromMillis(0, { zone });
  return isValid && Math.abs(offset) <= MAX_OFFSET_MINUTES && !ZONES_OF_THE_MACHINE.has(zone.toLowerCase());
}

function isLocale(tag: string): boolean {
  try {
    return Intl.DateTimeFormat.supportedLocalesOf(tag).length > 0;
  } catch {
    return false;
  }
}

function firstFit(formats: readonly InstantFormat[], text: string): Instant | undefined {
  for (const format of formats) {
    const instant = format(text);
    if (instant) {
      return instant;
    }
  }
  return undefined;
}

const OUTPUTS: Readonly<Record<Output, (instant: Instant) => Buffer | undefined>> = {
  epoch_ms: ({ epochMs }) => Buffer.from(String(epochMs)),
  iso8601: ({ epochMs, finerDigits }) => {
    if (epochMs < YEAR_0_MS || epochMs >= YEAR_10000_MS) {
      return undefined;
    }
    return encodeString(new Date(epochMs).toISOString().replace('Z', `${finerDigits}Z`));
  },
};
