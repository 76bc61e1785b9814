// Calls routes for callers who sign, with Amplify's own library: as a guest, and as somebody who signed in. Arguments: settings, name,
// password.
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [settings, username, password] = process.argv.slice(2);
const { aws, api, pool, client, identities } = JSON.parse(settings);
const require = createRequire(`${process.env.NODE_PATH}/`);
const load = (name) => import(pathToFileURL(require.resolve(name)));
const { Amplify } = await load("aws-amplify");
const { del, get } = await load("aws-amplify/api");
const { fetchAuthSession, signIn } = await load("aws-amplify/auth");

Amplify.configure({
  Auth: {
    Cognito: {
      userPoolId: pool,
      userPoolClientId: client,
      userPoolEndpoint: aws,
      identityPoolId: identities,
      identityPoolEndpoint: aws,
      allowGuestAccess: true,
    },
  },
  API: { REST: { desk: { endpoint: api, region: "us-east-1", service: "execute-api" } } },
});

// The reply's JSON, or the status of a refusal.
async function call(operation, path) {
  try {
    const reply = await operation({ apiName: "desk", path, options: { retryStrategy: { strategy: "no-retry" } } }).response;
    return await reply.body.json();
  } catch (error) {
    return error.response?.statusCode ?? String(error);
  }
}

const guest = await fetchAuthSession();
const asGuest = { identity: guest.userSub ?? null, me: await call(get, "/me") };
if (!guest.credentials.sessionToken) throw new Error("a guest has no credentials");
await signIn({ username, password });
const { credentials, identityId } = await fetchAuthSession();
if (credentials.accessKeyId === guest.credentials.accessKeyId) throw new Error("the credentials are still the guest's");
const member = { identity: identityId, me: await call(get, "/me"), close: await call(del, "/notes") };
console.log(JSON.stringify({ guest: asGuest, member }));
