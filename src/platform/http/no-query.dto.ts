/** Of a route without parameters: each one that is sent is refused by name. */
export class NoQuery {}
