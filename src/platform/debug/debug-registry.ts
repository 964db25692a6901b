import type { DatabasePoolDto, ListenerDto } from './connections.dto.js';
import type { ManagementDto } from './management.dto.js';
import type { TasksDto } from './tasks.dto.js';

/** What the parts of a process tell of themselves below /debug; absent for parts that it does not have. */
export interface DebugSources {
  listeners?: () => Promise<ListenerDto[]>;
  databasePool?: () => DatabasePoolDto;
  tasks?: () => Promise<TasksDto>;
  management?: () => ManagementDto;
}

/** Where the parts of a process register what they tell of themselves. */
export class DebugRegistry {
  readonly sources: Readonly<DebugSources> = {};

  provide(sources: DebugSources): void {
    Object.assign(this.sources, sources);
  }
}
