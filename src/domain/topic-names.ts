/** Templates with `<tenant>`, `<id>` and `<index_base>`; see the setting `kafka.names`. */
export interface TopicNameTemplates {
  tenant: string;
  input: string;
  error: string;
  output: string;
  control: string;
  status: string;
  group: string;
}

/** Every name that this service uses in Kafka, from one place. */
export class TopicNames {
  constructor(private readonly templates: TopicNameTemplates) {}

  input(pipelineId: string): string {
    return this.fill(this.templates.input, { id: pipelineId });
  }

  error(pipelineId: string): string {
    return this.fill(this.templates.error, { id: pipelineId });
  }

  output(indexBase: string): string {
    return this.fill(this.templates.output, { index_base: indexBase });
  }

  control(): string {
    return this.fill(this.templates.control, {});
  }

  status(): string {
    return this.fill(this.templates.status, {});
  }

  /** The consumer group of a pipeline. */
  group(pipelineId: string): string {
    return this.fill(this.templates.group, { id: pipelineId });
  }

  /** Stable per task: the next holder's initialisation aborts what a killed one left open. */
  transactionalId(pipelineId: string, index: number): string {
    return `${this.group(pipelineId)}#${index}`;
  }

  /** The consumer group by which workers share the control topic. */
  placementGroup(): string {
    return `${this.control()}.workers`;
  }

  /** The consumer group by which mgmt replicas share the status topic. */
  reportGroup(): string {
    return `${this.status()}.mgmt`;
  }

  private fill(template: string, values: Record<string, string>): string {
    return template.replace(/<(\w+)>/g, (whole, key: string) =>
      key === 'tenant' ? this.templates.tenant : (values[key] ?? whole),
    );
  }
}
