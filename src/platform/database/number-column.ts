import type { ValueTransformer } from 'typeorm';

/** Of a bigint column, which the driver reads as text: epoch ms, revisions and counts fit a double. */
export const numberColumn: ValueTransformer = { from: Number, to: (value: number) => value };
