export { NoQuery } from '../../platform/http/no-query.dto.js';
