/** What an account may be allowed to do. `create` and `debug` concern the service, the others one pipeline. */
export const OPERATIONS = [
  'view_detail',
  'create',
  'modify',
  'delete',
  'authorize',
  'operate',
  'view_data',
  'debug',
] as const;

export type Operation = (typeof OPERATIONS)[number];
