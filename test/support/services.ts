import { basename, dirname } from 'node:path';
import { Sandbox } from '../../sandbox/sandbox.js';
import type { ServiceName } from '../../sandbox/service-name.js';
import { requiredSetting } from './required-setting.js';

/** The sandbox that this run uses. */
function sandbox(): Sandbox {
  const folder = requiredSetting('SANDBOX_DIR');
  return new Sandbox({ name: basename(folder), root: dirname(dirname(folder)) });
}

/** Runs `meanwhile` without the service, which is started again whatever happens, and then answers. */
export async function without<T>(service: ServiceName, meanwhile: () => Promise<T>): Promise<T> {
  await sandbox().stop(service);
  try {
    return await meanwhile();
  } finally {
    await sandbox().start(service);
  }
}

/** Ends the service as a crash would and starts it again. */
export async function crashAndRestart(service: ServiceName): Promise<void> {
  await sandbox().kill(service);
  await sandbox().start(service);
}

/** Ends the service in an orderly way; the returned function starts it again, and may be called when it runs already. */
export async function stopped(service: ServiceName): Promise<() => Promise<void>> {
  await sandbox().stop(service);
  return () => sandbox().start(service);
}
