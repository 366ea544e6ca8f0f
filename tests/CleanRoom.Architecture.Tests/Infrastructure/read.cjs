// Reads files of infra for the tests: Terraform by HashiCorp's own parser (as WebAssembly), YAML by js-yaml. Arguments: paths. Standard output: one JSON object,
// path to {error} | {hcl, references, templates} | {yaml}. A reference is a traversal of an expression, such as var.name, with the place that it stands at; names that a
// for-expression binds are none. A template is a call of templatefile: its text, the file, and the expressions that it is given.
'use strict';
const fs = require('fs');
const yaml = require('js-yaml');

// Compose files merge with <<, which is no longer a part of YAML itself.
const schema = yaml.CORE_SCHEMA.withTags([yaml.mergeTag]);

function collect(node, bound, place, found) {
  if (node.type === 'for') bound = bound.concat(node.meta.keyVar || [], node.meta.valVar || []);
  if (node.type === 'scopeTraversal' && !bound.includes(node.meta.traversal[0].segment)) {
    found.references.push({ place, path: node.meta.traversal.map(part => part.segment) });
  }
  // module.name[key].output: the part behind the index stands by itself.
  if (node.type === 'relativeTraversal') {
    const source = (node.children || [])[0];
    const start = source && (source.type === 'scopeTraversal' ? source : (source.children || [])[0]);
    if (start && start.type === 'scopeTraversal') {
      found.references.push({ place, path: [...start.meta.traversal, ...node.meta.traversal].map(part => part.segment) });
    }
  }
  if (node.type === 'function' && node.meta.name === 'templatefile') {
    const [file, given] = node.children;
    found.templates.push({ text: node.meta.value, file: file.meta.value, items: given.meta.items || null, given: given.meta.value });
  }
  for (const child of node.children || []) collect(child, bound, place, found);
}

async function walk(value, place, found) {
  if (typeof value === 'string') {
    // As a heredoc, so that nothing of the text has to be escaped.
    if (value.includes('${')) collect(await getExpressionAst('file.tf', `<<PARSED_TEXT\n${value}\nPARSED_TEXT\n`), [], place, found);
  } else if (value && typeof value === 'object') {
    for (const [key, inner] of Object.entries(value)) {
      const isType = key === 'type' && place.startsWith('variable.');
      if (!isType) await walk(inner, Array.isArray(value) ? place : `${place}${place && '.'}${key}`, found);
      if (key.includes('${')) await walk(String(key), place, found);
    }
  }
}

// Loaded for Terraform alone: it unpacks its WebAssembly.
let parse, getExpressionAst;

async function read(path) {
  const text = fs.readFileSync(path, 'utf8');
  try {
    if (!path.endsWith('.tf')) return { yaml: yaml.loadAll(text, { schema }) };
    ({ parse, getExpressionAst } = require('@cdktn/hcl2json'));
    const hcl = (await parse(path, text)) || {};
    const found = { references: [], templates: [] };
    await walk(hcl, '', found);
    return { hcl, ...found };
  } catch (error) {
    return { error: String(error.message || error) };
  }
}

(async () => {
  const answers = {};
  for (const path of process.argv.slice(2)) answers[path] = await read(path);
  process.stdout.write(JSON.stringify(answers));
})();
