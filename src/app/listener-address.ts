import type { Listener } from '../platform/http/listener.js';

export interface ListenerAddress {
  listener: Listener;
  port: number;
  host: string;
  /** Names of the settings that port and host come from, for the message of a fault. */
  settings: { port: string; host: string };
}
