// node scripts/bootstrap.mjs scripts/installed.ts: installs what package-lock.json says, and nothing more.
console.log(`dependencies are installed; Node ${process.versions.node}`);
