/**
 * Name of the lock under which it is looked whether a topic is needed, and then made, used or deleted. A row names its
 * topics before they are made: so who deletes under the lock takes nothing away that somebody is about to use.
 */
export function topicLock(topic: string): string {
  return `topic ${topic}`;
}
