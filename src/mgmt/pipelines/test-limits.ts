/** What one test of a pipeline may hold, in characters: all tests of a pipeline are read with its row. */
export const MAX_TEST_NAME_CHARACTERS = 100;
export const MAX_VALUE_CHARACTERS = 20_000;
export const MAX_DOCUMENT_CHARACTERS = 20_000;
/** An id has at most 512 bytes, an alias fewer. */
export const MAX_EXPECTED_CHARACTERS = 600;
