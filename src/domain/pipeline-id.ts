/** The form of a pipeline's id: it stands in the names of topics and groups, in paths, and in the keys of tasks. */
export const PIPELINE_ID_PATTERN = /^[a-z0-9][a-z0-9-]{0,39}$/;
