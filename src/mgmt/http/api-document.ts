import type { NestExpressApplication } from '@nestjs/platform-express';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import type { AppConfig } from '../../config/app-config.js';
import { handlerComponents } from '../../handlers/handler-schemas.js';
import { INTERNAL_BASE, PUBLIC_BASE } from '../../platform/http/api-bases.js';
import {
  closeRequests,
  completeParameters,
  composeExamples,
  documentFrameworkErrors,
  setLimits,
} from './document-details.js';
import { describedHeaders, errorExamples } from './error-answer.js';

const DESCRIPTION = `Manages stream data pipelines: from a Kafka topic to OpenSearch, with nothing lost and every rejection explained.

Everything here is served below \`${PUBLIC_BASE}\`. Other services use the same paths below \`${INTERNAL_BASE}\` on the internal port, and send the headers \`x-account-id\` and \`x-account-type\` of the account for which they act.

Bodies are JSON in UTF-8, of at most 1000 values on 100 levels, and of the size that the setting \`server.bodyLimitKiB\` allows; of a name that comes twice the last value counts. Lengths count characters (code points). A field that is null counts as left out. An error has the body \`ErrorDto\`; [all errors](/docs/errors).`;

/** Swagger UI at /docs and the document at /docs/openapi.json; all of it comes from this server. */
export function serveApiDocument(app: NestExpressApplication, config: AppConfig): void {
  SwaggerModule.setup('docs', app, () => apiDocument(app, config), {
    raw: ['json'],
    jsonDocumentUrl: 'docs/openapi.json',
    customSiteTitle: 'flow-stream-data-pipeline API',
    swaggerOptions: { validatorUrl: null, displayRequestDuration: true, tryItOutEnabled: true },
  });
}

/** What the routes of the program are, with the limits that its settings give. The same settings give the same document. */
export function apiDocument(app: NestExpressApplication, config: AppConfig): OpenAPIObject {
  const document = SwaggerModule.createDocument(app, described(), {
    operationIdFactory: (controller, method) => `${controller.replace('Controller', '')}_${method}`,
  });
  // Both bases have the same routes; the public one is documented.
  const paths = Object.entries(document.paths).filter(([path]) => !path.startsWith(INTERNAL_BASE));
  const served: OpenAPIObject = {
    ...document,
    paths: Object.fromEntries(paths),
    components: {
      ...document.components,
      schemas: { ...document.components?.schemas, ...handlerComponents() },
      headers: describedHeaders,
      examples: errorExamples(),
    },
  };
  completeParameters(served);
  closeRequests(served);
  setLimits(served, config);
  documentFrameworkErrors(served);
  composeExamples(served);
  return served;
}

function described(): Omit<OpenAPIObject, 'paths'> {
  return new DocumentBuilder()
    .setTitle('flow-stream-data-pipeline')
    .setDescription(DESCRIPTION)
    .setVersion('v1')
    .addTag('pipelines', 'Create, read, start, stop and delete pipelines')
    .addTag('tasks', 'What runs where')
    .addTag('resources', 'For authorization pages')
    .addTag('policies', 'Who may do what, with permission.mode local')
    .addTag('operation', 'Health and metrics')
    .addTag('debug', 'For those who look after the process: each replica answers for itself')
    .addBearerAuth({ type: 'http', description: 'Needed unless auth.mode is none' })
    .addBearerAuth({ type: 'http', description: 'The token of the setting debug.token' }, 'debug')
    .build();
}
