// Ordinary work with @slack/web-api, as it is: node slack.mjs BASE_URL BOT_TOKEN USER_TOKEN
// Each call is checked here; the last line is a JSON document that names the methods called, in order.
import assert from 'node:assert/strict';
import { WebClient } from '@slack/web-api';

const [baseUrl, botToken, userToken] = process.argv.slice(2);
const called = [];

function client(token) {
  const web = new WebClient(token, {
    slackApiUrl: `${baseUrl}/`,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    logLevel: 'error',
  });
  return async (method, options = {}) => {
    called.push(method);
    return web.apiCall(method, options);
  };
}

async function refused(promise, code) {
  await assert.rejects(promise, (problem) => problem.data?.error === code);
}

const web = new WebClient(botToken, { slackApiUrl: `${baseUrl}/`, retryConfig: { retries: 0 }, logLevel: 'error' });
const call = client(botToken);
const asOwner = client(userToken);

assert.equal((await call('api.test', { foo: 'bar' })).args.foo, 'bar');
const me = await call('auth.test');
assert.equal(me.team, 'acme');
assert.ok(me.response_metadata.scopes.includes('channels:manage'));
assert.equal((await call('team.info')).team.id, me.team_id);

const { user: alice } = await call('users.lookupByEmail', { email: 'alice@example.com' });
assert.equal((await call('users.info', { user: alice.id })).user.name, 'alice');

const { channel } = await call('conversations.create', { name: 'Node Results', is_private: false });
assert.equal(channel.name, 'node-results');
await refused(call('conversations.create', { name: 'node-results' }), 'name_taken');
assert.equal((await call('conversations.setTopic', { channel: channel.id, topic: 'Runs' })).channel.topic.value, 'Runs');
await call('conversations.setPurpose', { channel: channel.id, purpose: 'What the runs say' });
await call('conversations.invite', { channel: channel.id, users: alice.id });
assert.deepEqual((await call('conversations.members', { channel: channel.id })).members.sort(), [me.user_id, alice.id].sort());
await call('conversations.kick', { channel: channel.id, user: alice.id });
assert.equal((await call('conversations.rename', { channel: channel.id, name: 'node-runs' })).channel.name, 'node-runs');

const names = [];
for await (const page of web.paginate('conversations.list', { limit: 2, exclude_archived: true })) {
  names.push(...page.channels.map((each) => each.name));
}
called.push('conversations.list');
assert.deepEqual(names, ['general', 'random', 'node-runs']);

const { usergroup } = await call('usergroups.create', { name: 'Node people', handle: 'node-people' });
await call('usergroups.users.update', { usergroup: usergroup.id, users: alice.id });
const { usergroups } = await call('usergroups.list', { include_users: true });
assert.deepEqual(usergroups.map((each) => each.users), [[alice.id]]);

const { bookmark } = await call('bookmarks.add', {
  channel_id: channel.id,
  title: 'Board',
  type: 'link',
  link: 'https://example.com/board',
});
assert.equal((await call('bookmarks.list', { channel_id: channel.id })).bookmarks[0].id, bookmark.id);
const blocks = [{ type: 'section', text: { type: 'mrkdwn', text: '*All* green' } }];
const { ts } = await call('chat.postMessage', { channel: channel.id, text: 'All green', blocks });
await call('pins.add', { channel: channel.id, timestamp: ts });
assert.equal((await call('pins.list', { channel: channel.id })).items[0].message.text, 'All green');

await call('conversations.archive', { channel: channel.id });
await refused(call('conversations.unarchive', { channel: channel.id }), 'not_in_channel');
await asOwner('conversations.unarchive', { channel: channel.id });
assert.equal((await call('conversations.info', { channel: channel.id })).channel.is_archived, false);
await refused(client('xoxb-unknown')('auth.test'), 'invalid_auth');

console.log(JSON.stringify({ called }));
