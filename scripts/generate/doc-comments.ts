import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

export interface DocComment {
  /** One paragraph. */
  text: string;
  /** What stands behind `@example`. */
  example?: string;
}

/** The doc comments of the properties of all classes in a folder, as they stand in the sources. */
export class DocComments {
  private readonly comments = new Map<string, DocComment>();

  constructor(folder: string) {
    for (const name of readdirSync(folder).filter((file) => /^[^.]+\.ts$/.test(file))) {
      const source = ts.createSourceFile(name, readFileSync(join(folder, name), 'utf8'), ts.ScriptTarget.Latest, true);
      source.statements.filter(ts.isClassDeclaration).forEach((declaration) => this.readClass(declaration));
    }
  }

  /** Of a property of the instance, looked for in its class and then in those that the class extends. */
  get(instance: object, property: string): DocComment {
    for (let type = constructorOf(instance); type.name !== ''; type = Object.getPrototypeOf(type) as typeof type) {
      const comment = this.comments.get(`${type.name}.${property}`);
      if (comment) return comment;
    }
    throw new Error(`${constructorOf(instance).name}.${property} has no doc comment: say there what the setting does`);
  }

  private readClass(declaration: ts.ClassDeclaration): void {
    for (const member of declaration.members.filter(ts.isPropertyDeclaration)) {
      const comment = ts.getJSDocCommentsAndTags(member).find(ts.isJSDoc);
      const text = paragraph(comment?.comment);
      if (comment && text !== '') {
        const example = comment.tags?.find((tag) => tag.tagName.text === 'example');
        const key = `${declaration.name?.text}.${member.name.getText()}`;
        this.comments.set(key, { text, ...(example && { example: paragraph(example.comment) }) });
      }
    }
  }
}

function constructorOf(instance: object): { name: string } {
  return instance.constructor;
}

function paragraph(comment: ts.JSDoc['comment']): string {
  return (ts.getTextOfJSDocComment(comment) ?? '').replace(/\s+/g, ' ').trim();
}
