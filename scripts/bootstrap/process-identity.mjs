import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

// A pid alone names nobody: the kernel gives it to a stranger later. Pid and start time together name one process.

/**
 * When the process started, as an opaque text that never changes while it lives and differs for every later process
 * with the same pid, also after a reboot. Undefined when there is no such process, or only its zombie.
 */
export function startTimeOf(pid) {
  return process.platform === 'linux' ? fromProc(pid) : fromPs(pid);
}

/** True while the process that was seen with this pid and start time still runs. */
export function isSameProcess(pid, startTime) {
  return startTime !== '' && startTimeOf(pid) === startTime;
}

/** The start time out of the text of /proc/<pid>/stat; undefined for a zombie or a text that is none. */
export function startTicksOf(stat) {
  // The command name may hold spaces and brackets, so fields count from the last bracket: state is field 3.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const isGone = fields[0] === 'Z' || fields[0] === 'X';
  return isGone ? undefined : fields[19];
}

function fromProc(pid) {
  try {
    const ticks = startTicksOf(readFileSync(`/proc/${pid}/stat`, 'latin1'));
    return ticks === undefined ? undefined : `${bootId()}:${ticks}`;
  } catch {
    return undefined;
  }
}

function bootId() {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').slice(0, 8);
  } catch {
    return 'boot';
  }
}

function fromPs(pid) {
  try {
    const line = execFileSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim();
    const [state = '', ...started] = line.split(/\s+/);
    return line === '' || state.startsWith('Z') ? undefined : started.join('-');
  } catch {
    return undefined;
  }
}
