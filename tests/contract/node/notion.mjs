// Ordinary work with @notionhq/client, as it is: node notion.mjs BASE_URL TOKEN ROOT_PAGE
// Each call is checked here; the last line is a JSON document that names the methods called, in order.
import assert from 'node:assert/strict';
import { APIErrorCode, Client, collectPaginatedAPI, isFullDatabase, isFullPage, iteratePaginatedAPI } from '@notionhq/client';

const [baseUrl, auth, rootPage] = process.argv.slice(2);
const notion = new Client({ auth, baseUrl, notionVersion: '2025-09-03', retry: false });
const called = [];

// Wraps a method of the client so that its name is noted at each call.
function noted(name) {
  const [family, method, inner] = name.split('.');
  return (args) => {
    called.push(name);
    const owner = inner ? notion[family][method] : method ? notion[family] : notion;
    return owner[inner ?? method ?? family](args);
  };
}

const said = (content) => [{ text: { content } }];

assert.equal((await noted('users.me')({})).type, 'bot');
const people = await collectPaginatedAPI(noted('users.list'), { page_size: 2 });
const names = people.filter((each) => each.type === 'person').map((each) => each.name);
assert.deepEqual(names, ['Alice', 'Bob', 'Carol']);
assert.equal((await noted('users.retrieve')({ user_id: people[0].id })).name, people[0].name);

const page = await noted('pages.create')({ parent: { page_id: rootPage }, properties: { title: { title: said('TestX') } } });
assert.ok(isFullPage(page));
assert.equal((await noted('pages.retrieve')({ page_id: page.id })).url, page.url);
const renamed = await noted('pages.update')({ page_id: page.id, icon: { type: 'emoji', emoji: '🧪' } });
assert.equal(renamed.icon.emoji, '🧪');
const item = await noted('pages.properties.retrieve')({ page_id: page.id, property_id: 'title' });
assert.equal(item.results[0].title.plain_text, 'TestX');

const database = await noted('databases.create')({
  parent: { type: 'page_id', page_id: page.id },
  title: said('Test Cases'),
  initial_data_source: {
    properties: {
      'Test Name': { title: {} },
      Priority: { select: { options: [{ name: 'Critical', color: 'red' }, { name: 'Functional' }] } },
      'Last Updated': { date: {} },
    },
  },
});
assert.ok(isFullDatabase(database));
const source = (await noted('databases.retrieve')({ database_id: database.id })).data_sources[0].id;
await noted('databases.update')({ database_id: database.id, description: said('All of them') });
const before = await noted('dataSources.retrieve')({ data_source_id: source });
const after = await noted('dataSources.update')({
  data_source_id: source,
  properties: { Priority: { name: 'Weight' }, 'Last Updated': null },
});
assert.equal(after.properties.Weight.id, before.properties.Priority.id);
assert.deepEqual(Object.keys(after.properties), ['Test Name', 'Weight']);

for (const number of [1, 2, 3]) {
  const properties = { 'Test Name': { title: said(`case ${number}`) }, Weight: { select: { name: 'Critical' } } };
  await noted('pages.create')({ parent: { data_source_id: source }, properties });
}
const found = [];
const query = { data_source_id: source, page_size: 2, sorts: [{ property: 'Test Name', direction: 'descending' }] };
for await (const row of iteratePaginatedAPI(noted('dataSources.query'), query)) {
  found.push(row.properties['Test Name'].title[0].plain_text);
}
assert.deepEqual(found, ['case 3', 'case 2', 'case 1']);
await noted('dataSources.listTemplates')({ data_source_id: source });

const view = await noted('views.create')({ database_id: database.id, data_source_id: source, name: 'Mine', type: 'table' });
assert.equal((await noted('views.list')({ database_id: database.id })).results.length, 2);
await noted('views.delete')({ view_id: view.id });

const paragraph = { paragraph: { rich_text: said('text') } };
const added = await noted('blocks.children.append')({ block_id: page.id, children: [paragraph] });
await noted('blocks.update')({ block_id: added.results[0].id, paragraph: { rich_text: said('other') } });
assert.equal((await noted('blocks.children.list')({ block_id: page.id })).results.length, 2);
assert.equal((await noted('blocks.delete')({ block_id: added.results[0].id })).in_trash, true);
await noted('comments.create')({ parent: { page_id: page.id }, rich_text: said('Well') });
assert.equal((await noted('comments.list')({ block_id: page.id })).results.length, 1);
assert.equal((await noted('search')({ query: 'testx' })).results[0].id, page.id);

const nobody = '00000000-0000-0000-0000-000000000000';
const isMissing = (problem) => problem.code === APIErrorCode.ObjectNotFound;
await assert.rejects(noted('pages.retrieve')({ page_id: nobody }), isMissing);
const stranger = new Client({ auth: 'wrong', baseUrl, retry: false });
await assert.rejects(stranger.users.me({}), (problem) => problem.code === APIErrorCode.Unauthorized);

console.log(JSON.stringify({ called }));
