/** The program of a preview thread, as it was compiled. */
export const THREAD_ENTRY = new URL('./thread/preview-host.js', import.meta.url);
