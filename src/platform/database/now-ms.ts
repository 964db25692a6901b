/** SQL of the epoch ms by the database's clock, so that replicas agree on how old something is. */
export const NOW_MS = 'CAST(UNIX_TIMESTAMP(NOW(3)) * 1000 AS UNSIGNED)';
