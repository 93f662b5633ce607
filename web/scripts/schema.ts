// Writes the TypeScript types of docs/openapi.yaml's schemas, so that client and server cannot
// drift apart unnoticed. With --check it writes nothing and fails when the file is out of date.
//
// usage: node scripts/schema.ts ../docs/openapi.yaml src/lib/api/schema.ts [--check]
import { readFileSync, writeFileSync } from 'node:fs';
import { parse } from 'yaml';

export interface Schema {
    $ref?: string;
    type?: string | string[];
    enum?: string[];
    oneOf?: Schema[];
    items?: Schema;
    required?: string[];
    properties?: Record<string, Schema>;
    description?: string;
}

const REFERENCE = '#/components/schemas/';

function plainType(type: string, schema: Schema): string {
    switch (type) {
        case 'string':
            return schema.enum ? schema.enum.map((word) => `'${word}'`).join(' | ') : 'string';
        case 'integer':
        case 'number':
            return 'number';
        case 'boolean':
            return 'boolean';
        case 'null':
            return 'null';
        case 'array': {
            const item = typeOf(schema.items ?? {});
            return /[ |]/.test(item) && !item.startsWith('{') ? `(${item})[]` : `${item}[]`;
        }
        case 'object':
            return objectType(schema);
        default:
            throw new Error(`schema type ${type} is not known`);
    }
}

function objectType(schema: Schema): string {
    if (!schema.properties) return 'Record<string, unknown>';
    const required = new Set(schema.required);
    const members = Object.entries(schema.properties).map(([name, member]) => {
        const optional = required.has(name) ? '' : '?';
        return `${name}${optional}: ${typeOf(member)}`;
    });
    return `{ ${members.join('; ')} }`;
}

export function typeOf(schema: Schema): string {
    if (schema.$ref !== undefined) {
        if (!schema.$ref.startsWith(REFERENCE)) throw new Error(`reference ${schema.$ref}`);
        return schema.$ref.slice(REFERENCE.length);
    }
    if (schema.oneOf) return schema.oneOf.map(typeOf).join(' | ');
    if (schema.type === undefined) return 'unknown';
    const types = Array.isArray(schema.type) ? schema.type : [schema.type];
    return types.map((type) => plainType(type, schema)).join(' | ');
}

export function writeTypes(schemas: Record<string, Schema>): string {
    const lines = ['// Generated from docs/openapi.yaml by `npm run schema`. Do not edit.', ''];
    for (const [name, schema] of Object.entries(schemas)) {
        if (schema.description) lines.push(`/** ${schema.description} */`);
        lines.push(`export type ${name} = ${typeOf(schema)};`);
    }
    return `${lines.join('\n')}\n`;
}

if (import.meta.main) {
    const [source = '', target = '', check] = process.argv.slice(2);
    const text = writeTypes(parse(readFileSync(source, 'utf8')).components.schemas);
    if (check !== '--check') {
        writeFileSync(target, text);
    } else if (readFileSync(target, 'utf8') !== text) {
        console.error(`${target} is not what ${source} says: run npm run schema`);
        process.exit(1);
    }
}
