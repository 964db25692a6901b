import 'reflect-metadata';
import { Type } from 'class-transformer';
import { ValidateNested } from 'class-validator';
import { IsListOf } from './rules.js';

type ElementClass = new () => object;

const ELEMENTS = Symbol('class of the elements');

/** A list of groups of settings, each checked as an instance of the class. An upper layer replaces the whole list. */
export function ElementsOf(elementClass: () => ElementClass, inWords: string): PropertyDecorator {
  const decorators = [
    IsListOf(inWords, 0, (item) => typeof item === 'object' && item !== null, { type: 'object' }),
    ValidateNested({ each: true }),
    Type(elementClass),
    Reflect.metadata(ELEMENTS, elementClass) as PropertyDecorator,
  ];
  return (target, property) => decorators.forEach((decorate) => decorate(target, property));
}

/** Undefined for a property that is no such list. */
export function elementClassOf(section: object, property: string): ElementClass | undefined {
  return (Reflect.getMetadata(ELEMENTS, section, property) as (() => ElementClass) | undefined)?.();
}
