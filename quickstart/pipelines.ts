/** Where the records of a pipeline come from. */
export type InputKind = 'opensearch-log' | 'kafka-log' | 'access-log';

export interface PipelinePlan {
  kind: InputKind;
  id: string;
  name: string;
  comment: string;
  indexBase: string;
}

export interface CreatedPipeline {
  inputTopic: string;
  outputTopic: string;
  errorTopic: string;
}

/** A pipeline that the program has made, with the topics it told. */
export type RunningPipeline = PipelinePlan & CreatedPipeline;

const comments: Readonly<Record<InputKind, readonly [name: string, comment: string]>> = {
  'opensearch-log': ['OpenSearch log', 'What the OpenSearch node logs: JSON, an event a record'],
  'kafka-log': ['Kafka log', 'What the Kafka broker logs: plain text, a line a record'],
  'access-log': ['Access log', 'Requests to this very API: JSON, a request a record'],
};

/** The pipelines for the inputs that are there. `suffix` keeps them apart from those of other runs on the same services. */
export function planPipelines(kinds: readonly InputKind[], suffix: string): PipelinePlan[] {
  return kinds.map((kind) => {
    const [name, comment] = comments[kind];
    return { kind, id: `${kind}${suffix}`, name: `${name}${suffix}`, comment, indexBase: `${kind}${suffix}` };
  });
}
