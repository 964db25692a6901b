import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { waitUntil } from './wait-until.js';

const root = resolve(import.meta.dirname, '../..');

export interface ScriptExit {
  code: number | null;
  signal: NodeJS.Signals | null;
  output: string;
}

/** A script of the project as a process of its own. */
export class ScriptProcess {
  private readonly parts: string[] = [];
  private readonly ended: Promise<unknown>;

  constructor(private readonly child: ChildProcess) {
    this.ended = once(child, 'close');
    child.stdout?.setEncoding('utf8').on('data', (part: string) => this.parts.push(part));
    child.stderr?.setEncoding('utf8').on('data', (part: string) => this.parts.push(part));
  }

  /** What it has printed so far, on both channels. */
  get output(): string {
    return this.parts.join('');
  }

  /** Asks or makes it end, and waits for it. */
  async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<ScriptExit> {
    this.child.kill(signal);
    return this.exited();
  }

  /** Waits until it has ended by itself. */
  async exited(): Promise<ScriptExit> {
    const isOver = () => this.child.exitCode !== null || this.child.signalCode !== null;
    await waitUntil('the script has ended', isOver, { seen: () => this.output });
    await this.ended;
    return { code: this.child.exitCode, signal: this.child.signalCode, output: this.output };
  }
}

/**
 * A project outside of the repository with the package as `npm pack` makes it, and no more of the repository's dependencies
 * than were asked for. What it does not find it cannot load.
 */
export class PackageProject {
  readonly folder = mkdtempSync(join(tmpdir(), 'package-project-'));
  private readonly scripts: ScriptProcess[] = [];

  constructor(dependencies: readonly string[] = []) {
    writeFileSync(join(this.folder, 'package.json'), JSON.stringify({ name: 'consumer', type: 'module' }));
    const packed = join(this.folder, 'packed');
    mkdirSync(packed);
    execFileSync('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', packed], { cwd: root });
    execFileSync('sh', ['-c', 'tar -xzf *.tgz'], { cwd: packed });
    mkdirSync(join(this.folder, 'node_modules'));
    renameSync(join(packed, 'package'), join(this.folder, 'node_modules/flow-stream-data-pipeline'));
    rmSync(packed, { recursive: true });
    dependencies.forEach((name) => this.link(name));
  }

  write(name: string, text: string): void {
    writeFileSync(join(this.folder, name), text);
  }

  /** A file of the repository, by its path there. */
  copy(path: string, name: string): void {
    copyFileSync(join(root, path), join(this.folder, name));
  }

  /** What the compiler has to say about the files of the project; empty when nothing. The package's own types are checked. */
  typeFaults(): string {
    this.link('@types/node');
    this.link('undici-types');
    const compilerOptions = { module: 'nodenext', target: 'es2024', strict: true, noEmit: true, types: ['node'] };
    this.write('tsconfig.json', JSON.stringify({ compilerOptions, include: ['*.ts'] }));
    const compiler = join(root, 'node_modules/typescript/bin/tsc');
    try {
      execFileSync(process.execPath, [compiler, '-p', this.folder], { encoding: 'utf8' });
      return '';
    } catch (error) {
      return (error as { stdout: string }).stdout;
    }
  }

  start(name: string, args: readonly string[] = [], environment: Readonly<Record<string, string>> = {}): ScriptProcess {
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', name, ...args], {
      cwd: this.folder,
      env: { PATH: process.env.PATH, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const script = new ScriptProcess(child);
    this.scripts.push(script);
    return script;
  }

  async run(name: string, environment: Readonly<Record<string, string>> = {}): Promise<ScriptExit> {
    return this.start(name, [], environment).exited();
  }

  async remove(): Promise<void> {
    await Promise.all(this.scripts.map((script) => script.end('SIGKILL')));
    rmSync(this.folder, { recursive: true, force: true });
  }

  private link(name: string): void {
    const path = join(this.folder, 'node_modules', name);
    if (!existsSync(path)) {
      mkdirSync(dirname(path), { recursive: true });
      symlinkSync(join(root, 'node_modules', name), path);
    }
  }
}
